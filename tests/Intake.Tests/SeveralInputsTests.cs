using System.Net;
using System.Text;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Host.Tests.Analysis;
using CurvatureMonitor.Intake.Runs;

namespace CurvatureMonitor.Intake.Tests;

/// <summary>Runs whose model takes several tensors, over HTTP and from a watched folder.</summary>
public sealed class SeveralInputsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task They_are_measured_as_a_run_that_gets_its_inputs_put_together()
    {
        var plain = TinyBundle.Write(_folder["watched/plain"], TinyBundle.Linear, "plain", 5);
        var other = TinyBundle.Write(_folder["watched/kept"], TinyBundle.Linear, "kept", 5);
        SplitBundle.Write(_folder["watched/split"], other);
        Directory.Delete(other.Directory, recursive: true);
        var sent = SplitBundle.Write(_folder["sent"], TinyBundle.Write(_folder["one"], TinyBundle.Linear, "sent", 5));
        await using var served = await ServedIntake.StartAsync(
            _folder["data"],
            new IntakeOptions { ElementType = ElementType.Float64 },
            watched: _folder["watched"]
        );
        var trainer = new TinyTrainer(served.Client, sent);
        using (var registered = await trainer.RegisterAsync())
        {
            Assert.Equal(HttpStatusCode.Created, registered.StatusCode);
        }

        using (await trainer.SendAsync(5))
        {
            double expected = await LargestAsync(served, plain.Manifest.Run);
            Assert.Equal(expected, await LargestAsync(served, "sent"), 1e-12);
            Assert.Equal(expected, await LargestAsync(served, "kept"), 1e-12);
        }

        // The same run again goes on; names that are none are refused.
        using (var again = await trainer.RegisterAsync())
        {
            Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        }

        string swapped = Encoding
            .UTF8.GetString(trainer.Part("run.json"))
            .Replace("\"order\"", "\"negated\"", StringComparison.Ordinal);
        using var refused = await trainer.RegisterAsync(new() { ["run.json"] = Encoding.UTF8.GetBytes(swapped) });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("one twice", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task<double> LargestAsync(ServedIntake served, string run)
    {
        var measured = await served.Events.FirstAsync<CheckpointMeasured>(run);
        return measured.Measurements[0].LambdaMax!.Value;
    }
}
