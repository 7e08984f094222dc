using System.Net.Http.Json;
using AspNetCoreTraining;
using CurvatureMonitor.Metrics.Tests.Support;

namespace CurvatureMonitor.Tests;

/// <summary>A program of somebody else's, watched with three lines of its own.</summary>
public sealed class ExampleTests
{
    private static readonly string[] Measured =
    [
        "curvature_lambda_max",
        "curvature_lambda_min",
        "curvature_trace",
        "curvature_stability_ratio",
        "curvature_probe_gradient_norm",
        "curvature_training_loss",
    ];

    [Fact]
    public async Task A_training_in_a_program_of_ASP_NET_Core_is_measured_shown_and_ends_with_it()
    {
        using var program = ExampleProgram.Start("AspNetCoreTraining", "--urls", "http://127.0.0.1:0");
        using var client = new HttpClient { BaseAddress = await program.AddressAsync(), Timeout = Until.Patience };

        // Its first measurements come by themselves.
        IReadOnlyList<Sample> samples = [];
        await Until.HoldsAsync(async () =>
        {
            samples = await ScrapeAsync(client);
            return Measured.All(name => samples.Any(sample => sample.Name == name));
        });
        Assert.All(samples.Where(sample => Measured.Contains(sample.Name)), sample =>
        {
            Assert.Contains(sample.Labels, label => label is { Key: "run", Value: DigitTraining.Run });
            Assert.True(double.IsFinite(sample.Value), $"{sample.Name} is {sample.Value}");
        });
        Assert.All(samples.Where(sample => sample.Name == "curvature_lambda_max"), sample =>
            Assert.InRange(sample.Value, double.Epsilon, double.MaxValue)
        );

        Assert.Contains("<title>", await client.GetStringAsync("/"), StringComparison.Ordinal);
        Assert.Contains(DigitTraining.Run, await client.GetStringAsync("/api/runs"), StringComparison.Ordinal);
        Assert.Equal("ok", await client.GetStringAsync("/healthz"));
        var own = await client.GetFromJsonAsync<TrainingStatus>("/training");
        Assert.Equal(DigitTraining.Run, own?.Run);

        Assert.True(await program.TerminateAsync() == 0, program.Output);
        Assert.DoesNotContain("fail:", program.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("crit:", program.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_training_with_TorchSharp_on_MNIST_is_measured_and_shown_by_its_own_process()
    {
        using var program = ExampleProgram.Start(
            "TorchSharpMnist",
            "--url",
            "http://127.0.0.1:0",
            "--steps",
            "1000000"
        );
        using var client = new HttpClient { BaseAddress = await program.AddressAsync(), Timeout = Until.Patience };
        string[] shown =
        [
            "curvature_lambda_max",
            "curvature_trace",
            "curvature_stability_ratio",
            "curvature_training_loss",
            "curvature_training_step",
        ];
        IReadOnlyList<Sample> samples = [];
        await Until.HoldsAsync(async () =>
        {
            samples = await ScrapeAsync(client);
            return shown.All(name => samples.Any(sample => sample.Name == name));
        });
        Assert.All(samples.Where(sample => sample.Name == "curvature_lambda_max"), sample =>
            Assert.InRange(sample.Value, double.Epsilon, double.MaxValue)
        );
        Assert.Contains(samples, sample => sample.Labels.Any(label => label is { Key: "model", Value: "Net" }));
        Assert.Contains("torchsharp-mnist", await client.GetStringAsync("/api/runs"), StringComparison.Ordinal);
        Assert.Contains("<title>", await client.GetStringAsync("/"), StringComparison.Ordinal);
        await program.TerminateAsync();
        Assert.DoesNotContain("Unhandled", program.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_training_with_TorchSharp_ends_when_its_last_step_is_measured()
    {
        using var program = ExampleProgram.Start("TorchSharpMnist", "--url", "http://127.0.0.1:0", "--steps", "20");
        Assert.True(await program.ExitAsync() == 0, program.Output);
        Assert.Contains("Finished after 20 steps", program.Output, StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<Sample>> ScrapeAsync(HttpClient client) =>
        [
            .. (await client.GetStringAsync("/metrics"))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Where(line => line[0] != '#')
                .Select(SampleLine.Parse),
        ];
}
