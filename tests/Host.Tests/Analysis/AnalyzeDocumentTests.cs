using System.Globalization;
using System.Text.Json;
using CurvatureMonitor.Host.Tests.Commands;

namespace CurvatureMonitor.Host.Tests.Analysis;

/// <summary>The document and the table of <c>curvature analyze</c>.</summary>
public sealed class AnalyzeDocumentTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_number_that_was_not_asked_for_is_absent()
    {
        var document = await AnalyzeAsync("softmax_49_10", "--analyses", "sharpness", "--operators", "ggn");
        Assert.Equal(
            [
                "run",
                "step",
                "samples",
                "parameters",
                "dtype",
                "loss",
                "learning_rate",
                "optimizer",
                "gradient",
                "operators",
                "cost",
                "provenance",
            ],
            Members(document)
        );
        Assert.Equal(["l2", "linf"], Members(document.GetProperty("gradient")));
        Assert.Equal(["ggn"], Members(document.GetProperty("operators")));
        Assert.Equal(
            ["lambda_max", "lambda_max_residual", "lambda_min", "lambda_min_residual", "converged", "lanczos_steps"],
            Members(document.GetProperty("operators").GetProperty("ggn"))
        );
        Assert.Equal(["curvature_products", "seconds", "peak_bytes"], Members(document.GetProperty("cost")));
    }

    [Fact]
    public async Task Everything_is_there_when_nothing_is_said()
    {
        TinyBundle.Write(_folder["tiny"], TinyBundle.Linear, 1, 20);
        var document = await AnalyzeBundleAsync(_folder["tiny"]);
        Assert.Equal("tiny", document.GetProperty("run").GetString());
        Assert.Equal(20, document.GetProperty("step").GetInt64());
        Assert.Equal("float64", document.GetProperty("dtype").GetString());
        Assert.Equal(
            ["l2", "linf", "variance", "noise_scale", "noise_scale_stderr"],
            Members(document.GetProperty("gradient"))
        );
        string[] fields =
        [
            "lambda_max",
            "lambda_max_residual",
            "lambda_min",
            "lambda_min_residual",
            "eigenvalues",
            "eigenvalue_residuals",
            "converged",
            "lanczos_steps",
            "trace",
            "trace_stderr",
            "frobenius",
            "frobenius_stderr",
            "variance",
            "variance_stderr",
            "variance_top",
            "layers",
            "density",
        ];
        var operators = document.GetProperty("operators");
        Assert.Equal([.. fields, "stability"], Members(operators.GetProperty("hessian")));
        Assert.Equal(fields, Members(operators.GetProperty("ggn")));
        Assert.Equal(fields, Members(operators.GetProperty("residual")));

        // Heavy ball: 2 (1 + 0.9) / 0.25.
        Assert.Equal(
            15.2,
            operators.GetProperty("hessian").GetProperty("stability").GetProperty("limit").GetDouble(),
            1e-12
        );
    }

    [Fact]
    public async Task Too_few_steps_are_confessed_and_the_residual_still_holds()
    {
        var document = await AnalyzeAsync(
            "cnn_14",
            "--analyses",
            "spectrum",
            "--operators",
            "hessian",
            "--lanczos-steps",
            "6"
        );
        var hessian = document.GetProperty("operators").GetProperty("hessian");
        Assert.False(hessian.GetProperty("converged").GetBoolean());
        Assert.Equal(6, hessian.GetProperty("lanczos_steps").GetInt32());
        Assert.Equal(6, hessian.GetProperty("density").GetProperty("nodes").GetArrayLength());
        double[] exact =
        [
            .. CasesFolder
                .Expected("cnn_14")
                .GetProperty("operators")
                .GetProperty("hessian")
                .GetProperty("eigenvalues")
                .EnumerateArray()
                .Select(value => value.GetDouble()),
        ];
        double value = hessian.GetProperty("lambda_max").GetDouble();
        Assert.True(
            exact.Min(eigenvalue => Math.Abs(eigenvalue - value))
                <= hessian.GetProperty("lambda_max_residual").GetDouble()
        );
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_numbers_and_another_gives_others()
    {
        string[] arguments = ["--analyses", "spectrum", "--operators", "hessian", "--lanczos-steps", "5"];
        double[] first = Nodes(await AnalyzeAsync("mlp_mse_49_20_3", [.. arguments, "--seed", "3"]));
        Assert.Equal(first, Nodes(await AnalyzeAsync("mlp_mse_49_20_3", [.. arguments, "--seed", "3"])));
        Assert.NotEqual(first, Nodes(await AnalyzeAsync("mlp_mse_49_20_3", [.. arguments, "--seed", "4"])));
    }

    [Fact]
    public async Task Standard_errors_shrink_as_one_over_the_root_of_the_probes()
    {
        string[] arguments = ["--analyses", "trace", "--operators", "hessian", "--probes"];
        var few = (await AnalyzeAsync("softmax_49_10", [.. arguments, "25"]))
            .GetProperty("operators")
            .GetProperty("hessian");
        var many = (await AnalyzeAsync("softmax_49_10", [.. arguments, "400"]))
            .GetProperty("operators")
            .GetProperty("hessian");
        double ratio = few.GetProperty("trace_stderr").GetDouble() / many.GetProperty("trace_stderr").GetDouble();
        Assert.InRange(ratio, 2.7, 6);
        double exact = CasesFolder
            .Expected("softmax_49_10")
            .GetProperty("operators")
            .GetProperty("hessian")
            .GetProperty("trace")
            .GetDouble();
        Assert.Equal(exact, many.GetProperty("trace").GetDouble(), 3 * many.GetProperty("trace_stderr").GetDouble());
    }

    [Fact]
    public async Task The_type_of_the_checkpoint_is_computed_in_unless_another_is_asked_for()
    {
        var document = await AnalyzeAsync(
            "softmax_49_10",
            "--dtype",
            "float32",
            "--analyses",
            "sharpness",
            "--operators",
            "hessian"
        );
        Assert.Equal("float32", document.GetProperty("dtype").GetString());
        double exact = CasesFolder
            .Expected("softmax_49_10")
            .GetProperty("operators")
            .GetProperty("hessian")
            .GetProperty("lambda_max")
            .GetDouble();
        Assert.Equal(
            exact,
            document.GetProperty("operators").GetProperty("hessian").GetProperty("lambda_max").GetDouble(),
            1e-4 * exact
        );
        Assert.Equal(
            "float64",
            (await AnalyzeAsync("softmax_49_10", "--analyses", "sharpness", "--operators", "hessian"))
                .GetProperty("dtype")
                .GetString()
        );
    }

    [Fact]
    public async Task All_checkpoints_make_one_array_and_a_saved_file_holds_what_is_printed()
    {
        TinyBundle.Write(_folder["tiny"], TinyBundle.Linear, 1, 20, 300);
        string[] arguments =
        [
            "--checkpoint",
            "all",
            "--analyses",
            "sharpness",
            "--operators",
            "hessian",
            "--out",
            _folder["all.json"],
        ];
        var printed = await AnalyzeBundleAsync(_folder["tiny"], arguments);
        Assert.Equal(
            [1L, 20, 300],
            printed.EnumerateArray().Select(document => document.GetProperty("step").GetInt64())
        );
        Assert.Equal(printed.GetRawText(), File.ReadAllText(_folder["all.json"]).Trim());
        var one = await AnalyzeBundleAsync(
            _folder["tiny"],
            "--checkpoint",
            "20",
            "--analyses",
            "sharpness",
            "--operators",
            "hessian"
        );
        Assert.Equal(printed[1].GetProperty("operators").GetRawText(), one.GetProperty("operators").GetRawText());
    }

    [Fact]
    public async Task Without_json_a_table_shows_numbers_with_error_bars_and_where_they_come_from()
    {
        TinyBundle.Write(_folder["tiny"], TinyBundle.Linear, 1);
        using var process = HostProcess.Start("analyze", _folder["tiny"]);
        Assert.Equal(0, await process.ExitCodeAsync());
        foreach (
            string text in new[]
            {
                "Run tiny, step 1",
                "15 parameters",
                "12 samples",
                "hessian",
                "ggn",
                "residual",
                "λ max",
                "trace",
                "Frobenius",
                "variance",
                "±",
                "float64",
                "seed 0",
                "batch norm eval",
                "curvature products",
            }
        )
        {
            Assert.Contains(text, process.Output, StringComparison.Ordinal);
        }

        Assert.All(process.Output.Split('\n'), line => Assert.InRange(line.TrimEnd().Length, 0, 80));
    }

    private static string[] Members(JsonElement element) =>
        [.. element.EnumerateObject().Select(member => member.Name)];

    private static double[] Nodes(JsonElement document) =>
        [
            .. document
                .GetProperty("operators")
                .GetProperty("hessian")
                .GetProperty("density")
                .GetProperty("nodes")
                .EnumerateArray()
                .Select(node => node.GetDouble()),
        ];

    private static Task<JsonElement> AnalyzeAsync(string name, params string[] arguments) =>
        AnalyzeBundleAsync(CasesFolder.Case(name), arguments);

    private static async Task<JsonElement> AnalyzeBundleAsync(string folder, params string[] arguments)
    {
        using var process = HostProcess.Start(["analyze", folder, "--json", .. arguments]);
        int code = await process.ExitCodeAsync();
        Assert.True(code == 0, string.Create(CultureInfo.InvariantCulture, $"exit code {code}: {process.Errors}"));
        return JsonDocument.Parse(process.Output).RootElement;
    }
}
