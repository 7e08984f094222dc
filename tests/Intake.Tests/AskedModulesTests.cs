using System.Net;
using System.Text;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Host.Tests.Analysis;
using CurvatureMonitor.Intake.Runs;

namespace CurvatureMonitor.Intake.Tests;

/// <summary>Runs that ask for modules of theirs, and servers that ask for modules of every run.</summary>
public sealed class AskedModulesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_that_names_modules_has_them_measured_and_shown()
    {
        await using var served = await ServedIntake.StartAsync(_folder["data"]);
        var trainer = new TinyTrainer(served.Client, _folder["sent"], "mlp", 1);
        using (var registered = await trainer.RegisterAsync(Asking(trainer, "fc_w*", "*")))
        using (await trainer.SendAsync(1))
        {
            Assert.Equal(HttpStatusCode.Created, registered.StatusCode);
        }

        var measured = await served.Events.FirstAsync<CheckpointMeasured>(
            "mlp",
            e => e.Analysis == AnalysisKind.Modules
        );
        var modules = Assert.IsType<ModulesMeasurement>(measured.Measurements[0]).Modules;
        Assert.Equal([("fc_w*", 12L), ("*", 15L)], modules.Select(module => (module.Module, module.Parameters)));

        // The block of all parameters is the Hessian.
        var spectrum = await served.Events.FirstAsync<CheckpointMeasured>(
            "mlp",
            e => e.Analysis == AnalysisKind.Spectrum
        );
        var whole = spectrum.Measurements[0].LambdaMax!;
        Assert.InRange(
            Math.Abs(modules[1].LambdaMax.Value - whole.Value),
            0,
            modules[1].LambdaMax.Error + whole.Error + (1e-5 * whole.Value)
        );
        string metrics = await served.Client.GetStringAsync("/metrics");
        Assert.Contains(
            "curvature_module_lambda_max{run=\"mlp\",module=\"fc_w*\",operator=\"hessian\"}",
            metrics,
            StringComparison.Ordinal
        );
        var point = (await served.GetAsync("/api/runs/mlp/history"))
            .GetProperty("measurements")
            .EnumerateArray()
            .First(row => row.GetProperty("analysis").GetString() == "modules");
        Assert.Equal(
            modules[0].Trace.Value,
            point.GetProperty("modules").GetProperty("fc_w*").GetProperty("trace").GetDouble()
        );
    }

    [Theory]
    [InlineData("'head.*' names no parameter that is measured", "head.*")]
    [InlineData("'fc_weight' and 'fc_w*' name the same parameters", "fc_weight", "fc_w*")]
    public async Task A_run_that_names_modules_that_it_does_not_have_is_refused(string reason, params string[] modules)
    {
        await using var served = await ServedIntake.StartAsync(_folder["data"], watched: _folder["watched"]);
        var trainer = new TinyTrainer(served.Client, _folder["sent"], "mlp", 1);
        using (var refused = await trainer.RegisterAsync(Asking(trainer, modules)))
        {
            await Problems.AssertAsync(refused, HttpStatusCode.UnprocessableEntity, "monitoring.modules", reason);
        }

        // In place of it one that asks for none.
        using var registered = await trainer.RegisterAsync();
        Assert.Equal(HttpStatusCode.Created, registered.StatusCode);
    }

    [Fact]
    public async Task What_a_server_asks_of_every_run_is_left_out_where_a_model_does_not_have_it()
    {
        var options = new IntakeOptions
        {
            Analyses = [new(AnalysisKind.Modules)],
            Settings = new AnalysisSettings { Modules = ["fc_bias", "head"] },
        };
        await using var served = await ServedIntake.StartAsync(_folder["data"], options);
        var trainer = new TinyTrainer(served.Client, _folder["sent"], "mlp", 1);
        using (await trainer.RegisterAsync())
        using (await trainer.SendAsync(1))
        {
            var measured = await served.Events.FirstAsync<CheckpointMeasured>("mlp");
            var modules = Assert.IsType<ModulesMeasurement>(measured.Measurements[0]).Modules;
            Assert.Equal("fc_bias", Assert.Single(modules).Module);
        }

        Assert.Equal(
            "run mlp: some patterns of modules (head) name nothing new in its model, and are left out",
            Assert.Single(served.Notices)
        );
    }

    private static Dictionary<string, byte[]?> Asking(TinyTrainer trainer, params string[] modules)
    {
        string list = string.Join(",", modules.Select(module => $"\"{module}\""));
        string manifest = Encoding.UTF8.GetString(trainer.Part("run.json"));
        string asking = $"\"monitoring\": {{\"modules\":[{list}]}}, ";
        return new() { ["run.json"] = Encoding.UTF8.GetBytes(manifest.Insert(manifest.IndexOf('{') + 1, asking)) };
    }
}
