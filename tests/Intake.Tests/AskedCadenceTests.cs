using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Host.Tests.Analysis;
using CurvatureMonitor.Intake.Runs;
using CurvatureMonitor.Storage.Bundles;

namespace CurvatureMonitor.Intake.Tests;

/// <summary>How a run is measured: as the server does it, but for what the run asks for.</summary>
public sealed class AskedCadenceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("{}", "spectrum:2 gradient:8 trace:16", 0.5)]
    [InlineData("""{"every":3}""", "spectrum:3 gradient:12 trace:24", 0.5)]
    [InlineData("""{"analyses":["trace","variance"]}""", "trace:16 variance:2", 0.5)]
    [InlineData("""{"analyses":["trace","variance"],"every":5}""", "trace:5 variance:5", 0.5)]
    [InlineData("""{"modules":["fc*"]}""", "spectrum:2 gradient:8 trace:16 modules:16", 0.5)]
    [InlineData("""{"modules":["fc*"],"every":3}""", "spectrum:3 gradient:12 trace:24 modules:24", 0.5)]
    [InlineData("""{"modules":["fc*"],"analyses":["modules"],"every":5}""", "modules:5", 0.5)]
    [InlineData("""{"overhead_budget":0.1}""", "spectrum:2 gradient:8 trace:16", 0.1)]
    [InlineData("""{"overhead_budget":0.9}""", "spectrum:2 gradient:8 trace:16", 0.5)]
    public void A_run_has_the_servers_pace_unless_it_asks_for_another(string monitoring, string expected, double budget)
    {
        var options = new IntakeOptions
        {
            Analyses = [new(AnalysisKind.Spectrum, 2), new(AnalysisKind.Gradient, 8), new(AnalysisKind.Trace, 16)],
            OverheadBudget = 0.5,
        };
        string path = Path.Combine(TinyBundle.Write(_folder["mlp"], TinyBundle.Linear, "mlp", 1).Directory, "run.json");
        File.WriteAllText(
            path,
            File.ReadAllText(path)
                .Replace("\"training\":", $"\"monitoring\": {monitoring}, \"training\":", StringComparison.Ordinal)
        );
        var request = options.RequestFor(RunBundle.Open(_folder["mlp"]));
        Assert.Equal(
            expected,
            string.Join(' ', request.Analyses.Select(cadence => $"{cadence.Kind.Label()}:{cadence.Every}"))
        );
        Assert.Equal(budget, request.OverheadBudget);
    }
}
