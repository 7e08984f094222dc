using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Host.Configuration;
using CurvatureMonitor.Host.Tests.Commands;

namespace CurvatureMonitor.Host.Tests.Analysis;

/// <summary><c>curvature analyze --modules</c>, and what a bundle asks for.</summary>
public sealed class ModulesTests : IDisposable
{
    private const string Case = "mlp_tanh_49_16_10";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // The blocks that PyTorch computes in float64.
    [Fact]
    public async Task Blocks_are_those_of_the_dense_matrix_in_document_and_table()
    {
        var document = await Analyses.OfAsync(
            CasesFolder.Case(Case),
            "--analyses",
            "modules",
            "--modules",
            "fc1,*.bias",
            "--operators",
            "hessian"
        );
        var hessian = document.Operator("hessian");
        Assert.Equal(["modules"], hessian.EnumerateObject().Select(member => member.Name));
        var modules = hessian.GetProperty("modules");
        Assert.Equal(["fc1", "*.bias"], modules.EnumerateObject().Select(module => module.Name));
        var first = modules.GetProperty("fc1");
        Assert.Equal(800, first.GetProperty("parameters").GetInt64());
        Assert.Equal(1.0551959110560367, first.Number("lambda_max"), 1e-8);
        Assert.InRange(first.Number("lambda_max_residual"), 0, 1e-6);
        Assert.Equal(8.974477593882359, first.Number("trace"), 1e-8);
        Assert.InRange(first.Number("trace_stderr"), 0, 1e-6);
        Assert.Equal(0.40742066432335317, modules.GetProperty("*.bias").Number("lambda_max"), 1e-8);

        string[] cheap = ["--analyses", "modules", "--operators", "hessian"];
        using var process = HostProcess.Start(["analyze", CasesFolder.Case(Case), "--modules", "fc?.bias", .. cheap]);
        Assert.Equal(0, await process.ExitCodeAsync());
        Assert.Contains("Modules of the hessian", process.Output, StringComparison.Ordinal);
        Assert.Contains("fc?.bias", process.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_patterns_those_of_the_bundle_are_measured_or_else_its_modules()
    {
        string[] arguments = ["--analyses", "modules", "--operators", "ggn"];
        Assert.Equal(["fc1", "fc2"], Names(await Analyses.OfAsync(CasesFolder.Case(Case), arguments)));
        string bundle = Asking("\"*.weight\"");
        Assert.Equal(["*.weight"], Names(await Analyses.OfAsync(bundle, arguments)));
        Assert.Equal(["fc2"], Names(await Analyses.OfAsync(bundle, [.. arguments, "--modules", "fc2"])));

        static IEnumerable<string> Names(System.Text.Json.JsonElement document) =>
            document.Operator("ggn").GetProperty("modules").EnumerateObject().Select(module => module.Name);
    }

    [Theory]
    [InlineData("modules: 'head' names no parameter that is measured, and no module with one", "head")]
    [InlineData("modules: 'fc1' and 'fc1.*' name the same parameters: leave one out", "fc1,fc1.*")]
    [InlineData("--modules fc1,: a pattern is empty", "fc1,")]
    [InlineData("--modules fc1,fc1: a pattern comes twice", "fc1,fc1")]
    public async Task Wrong_patterns_are_one_line_before_anything_is_measured(string expected, string patterns)
    {
        using var process = HostProcess.Start("analyze", CasesFolder.Case(Case), "--modules", patterns);
        Assert.Equal(2, await process.ExitCodeAsync());
        string line = Assert.Single(process.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(expected, line, StringComparison.Ordinal);
        Assert.InRange(line.Length, 1, 300);
        Assert.Empty(process.Output);
    }

    [Fact]
    public async Task Validate_tells_the_modules_of_a_bundle_and_that_serve_refuses_wrong_ones()
    {
        using (var good = HostProcess.Start("validate", Asking("\"fc2\"")))
        {
            Assert.Equal(0, await good.ExitCodeAsync());
            Assert.Contains("fc2 (170 parameters)", good.Output, StringComparison.Ordinal);
        }

        using var wrong = HostProcess.Start("validate", Asking("\"head.*\""));
        Assert.Equal(0, await wrong.ExitCodeAsync());
        Assert.Contains("serve refuses the run", wrong.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_training_with_modules_that_its_model_does_not_have_does_not_begin()
    {
        using var process = HostProcess.Start(
            "train",
            "--model",
            "mlp",
            "--analyses",
            "modules",
            "--modules",
            "fc1.weight,head"
        );
        Assert.Equal(2, await process.ExitCodeAsync());
        Assert.Contains("modules: 'head' names no parameter", process.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_names_modules_has_them_measured()
    {
        var options = new MeasuringOptions { Analyses = "spectrum,trace:4", Modules = "fc1, *.bias" };
        Assert.Equal(
            [(AnalysisKind.Spectrum, 2), (AnalysisKind.Trace, 8), (AnalysisKind.Modules, 16)],
            options.CadencesOf(2).Select(cadence => (cadence.Kind, cadence.Every))
        );
        Assert.Equal(["fc1", "*.bias"], options.Settings(1).Modules!);
        options.Analyses = "spectrum,modules:3";
        Assert.Equal(3, options.CadencesOf()[1].Every);
        options.Modules = null;
        Assert.Null(options.Settings(1).Modules);
    }

    private string Asking(string modules)
    {
        string bundle = _folder[Guid.NewGuid().ToString("N")];
        CaseBundle.Copy(bundle, Case, "sgd", 1);
        string path = Path.Combine(bundle, "run.json");
        string text = File.ReadAllText(path);
        File.WriteAllText(path, text.Insert(text.IndexOf('{') + 1, $"\"monitoring\": {{\"modules\": [{modules}]}}, "));
        return bundle;
    }
}
