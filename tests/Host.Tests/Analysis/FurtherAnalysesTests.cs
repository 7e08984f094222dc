using CurvatureMonitor.Host.Tests.Commands;
using CurvatureMonitor.Reports.Arrays;

namespace CurvatureMonitor.Host.Tests.Analysis;

/// <summary>
/// What <c>curvature analyze</c> measures only where it is asked, against identities and reference cases.
/// </summary>
public sealed class FurtherAnalysesTests : IDisposable
{
    private const string Mlp = "mlp_mse_49_20_3";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // With every eigenvector known, the gradient's shares and the eigenvalues make the curvature along it; a batch of
    // all samples has just that.
    [Fact]
    public async Task Alignment_and_batch_sharpness_agree_on_the_whole_set()
    {
        TinyBundle.Write(_folder["tiny"], TinyBundle.Linear, 1);
        var hessian = (
            await Analyses.OfAsync(
                _folder["tiny"],
                "--analyses",
                "tracking,batch_sharpness",
                "--operators",
                "hessian",
                "--top",
                "15",
                "--batches",
                "2"
            )
        ).Operator("hessian");
        double[] shares = hessian.GetProperty("tracking").Numbers("gradient_shares");
        double along = hessian.Numbers("eigenvalues").Zip(shares, (value, share) => value * share).Sum();
        Assert.Equal(along, hessian.GetProperty("batch_sharpness").GetProperty("12").Number("value"), 1e-8);
        Assert.InRange(hessian.GetProperty("tracking").Number("gradient_share"), shares[0], 1);
    }

    [Fact]
    public async Task A_checkpoint_that_tells_its_batch_size_is_measured_with_such_batches()
    {
        TinyBundle.Write(_folder["tiny"], TinyBundle.Linear, 1, 2);
        string second = Directory.EnumerateFiles(_folder["tiny/checkpoints"], "*2.json").Single();
        string text = await File.ReadAllTextAsync(second);
        await File.WriteAllTextAsync(second, text.Insert(text.IndexOf('{') + 1, "\"batch_size\": 4, "));
        var both = await Analyses.OfAsync(
            _folder["tiny"],
            ["--analyses", "batch_sharpness", "--operators", "hessian", "--checkpoint", "all"]
        );
        Assert.Equal(
            ["12", "4"],
            new[] { both[0], both[1] }.Select(one =>
                one.Operator("hessian").GetProperty("batch_sharpness").EnumerateObject().Single().Name
            )
        );
    }

    [Fact]
    public async Task A_checkpoint_is_compared_with_another_and_with_itself()
    {
        TinyBundle.Write(_folder["tiny"], TinyBundle.Linear, 1, 20, 300);
        string[] arguments = ["--analyses", "tracking", "--operators", "hessian", "--top", "3"];
        var all = await Analyses.OfAsync(_folder["tiny"], [.. arguments, "--checkpoint", "all"]);
        Assert.False(all[0].Operator("hessian").GetProperty("tracking").TryGetProperty("compared_with", out _));
        var later = all[2].Operator("hessian").GetProperty("tracking");
        Assert.Equal(1, later.GetProperty("compared_with").GetInt64());
        double[][] overlap =
        [
            .. later
                .GetProperty("overlap")
                .EnumerateArray()
                .Select(row => row.EnumerateArray().Select(value => value.GetDouble()).ToArray()),
        ];
        Assert.Equal([3, 3, 3], overlap.Select(row => row.Length));
        Assert.Equal(overlap.Sum(row => row.Sum()) / 3, later.Number("subspace_overlap"), 1e-9);
        Assert.True(later.Number("wasserstein") > 0);

        // Curvature along any unit vector is at most λ_max.
        Assert.All(later.Numbers("curvature"), value =>
            Assert.InRange(value, -1e-12, all[2].Operator("hessian").Number("lambda_max") + 1e-12)
        );
        var direct = (
            await Analyses.OfAsync(
                _folder["tiny"],
                [.. arguments, "--checkpoint", "300", "--compare", "1", "--out", _folder["t.npz"]]
            )
        )
            .Operator("hessian")
            .GetProperty("tracking");
        Assert.Equal(later.GetRawText(), direct.GetRawText());
        await AssertSavedMatrixAsync(overlap);
    }

    [Fact]
    public async Task Batches_stand_beside_their_prediction()
    {
        var document = await Analyses.OfAsync(
            CasesFolder.Case(Mlp),
            "--operators",
            "ggn",
            "--batch-sizes",
            "50,150",
            "--batches",
            "6",
            "--analyses",
            "sharpness"
        );
        var ggn = document.Operator("ggn");
        var batches = ggn.GetProperty("mini_batch");
        Assert.Equal(["50", "150"], batches.Members());
        double samples = document.Number("samples"),
            parameters = document.Number("parameters");
        foreach (double size in new[] { 50.0, 150 })
        {
            var reading = batches.GetProperty(size.ToString(System.Globalization.CultureInfo.InvariantCulture));
            double effective = size / (1 - (size / samples));
            double strength = ggn.Number("variance") / (parameters * effective);
            var top = reading.GetProperty("lambda_max");
            Assert.Equal(Math.Sqrt(strength), reading.Number("threshold"), 1e-9);
            Assert.Equal(
                ggn.Number("lambda_max") + (strength / ggn.Number("lambda_max")),
                top.Number("predicted"),
                1e-9
            );

            // The largest eigenvalue is convex, so batches scatter around something above that of the whole set.
            Assert.True(top.Number("mean") > ggn.Number("lambda_max") - (3 * top.Number("stderr")));

            // s/√n, scaled for six values by Student's t and their skewness.
            Assert.InRange(top.Number("stderr") / (top.Number("spread") / Math.Sqrt(6)), 1.15, 1.6);
            double deviation =
                Math.Abs(top.Number("mean") - top.Number("predicted"))
                / Math.Sqrt(Math.Pow(top.Number("stderr"), 2) + Math.Pow(top.Number("predicted_stderr"), 2));
            Assert.Equal(deviation, top.Number("deviation"), 1e-9);
            Assert.Equal(deviation <= 3, top.GetProperty("holds").GetBoolean());
            Assert.Equal(1, reading.GetProperty("density").Numbers("weights").Sum(), 1e-12);
        }

        Assert.True(
            batches.GetProperty("50").GetProperty("lambda_max").Number("spread")
                > batches.GetProperty("150").GetProperty("lambda_max").Number("spread") / 2
        );
    }

    // With one ν for all parameters Adam's P is a number: (1 − β1ᵗ)(√(ν/(1 − β2ᵗ)) + ε).
    [Fact]
    public async Task Preconditioned_sharpness_of_a_uniform_second_moment_is_a_quotient()
    {
        SmallBundles.WriteAdam(_folder["adam"], [1, 0.5, 0.25], 4e-4, 3);
        var hessian = (
            await Analyses.OfAsync(
                _folder["adam"],
                "--analyses",
                "sharpness,preconditioned_sharpness",
                "--operators",
                "hessian"
            )
        ).Operator("hessian");
        double scale = (1 - Math.Pow(0.9, 3)) * (Math.Sqrt(4e-4 / (1 - Math.Pow(0.999, 3))) + 1e-8);
        var preconditioned = hessian.GetProperty("preconditioned_sharpness");
        Assert.Equal(hessian.Number("lambda_max") / scale, preconditioned.Number("lambda_max"), 1e-8);
        Assert.Equal("preconditioned", preconditioned.GetProperty("stability").GetProperty("kind").GetString());

        // (2 + 2·0.9)/((1 − 0.9)·0.5).
        Assert.Equal(76, preconditioned.GetProperty("stability").Number("limit"), 1e-9);
        Assert.False(hessian.TryGetProperty("stability", out _));
    }

    [Fact]
    public async Task Random_batches_estimate_the_variance_of_samples()
    {
        TinyBundle.Write(_folder["tiny"], TinyBundle.Linear, 1);
        string[] arguments = ["--analyses", "variance", "--operators", "hessian"];
        var exact = await Analyses.OfAsync(_folder["tiny"], [.. arguments, "--probes", "15"]);
        var estimated = await Analyses.OfAsync(
            _folder["tiny"],
            [.. arguments, "--probes", "400", "--variance-form", "random_batches"]
        );
        Assert.Equal("random_batches", estimated.GetProperty("provenance").GetProperty("variance_form").GetString());
        var hessian = estimated.Operator("hessian");
        Assert.Equal(
            exact.Operator("hessian").Number("variance"),
            hessian.Number("variance"),
            4 * hessian.Number("variance_stderr")
        );
        var gradient = estimated.GetProperty("gradient");
        Assert.Equal(
            exact.GetProperty("gradient").Number("variance"),
            gradient.Number("variance"),
            4 * gradient.Number("variance_stderr")
        );
        Assert.True(gradient.Number("noise_scale_stderr") > 0);
    }

    [Fact]
    public async Task Every_estimated_field_has_an_error_that_shrinks_with_the_probes()
    {
        string[] arguments = ["--analyses", "trace,variance", "--operators", "ggn", "--probes"];
        var few = (await Analyses.OfAsync(CasesFolder.Case(Mlp), [.. arguments, "16"])).Operator("ggn");
        var many = (await Analyses.OfAsync(CasesFolder.Case(Mlp), [.. arguments, "144"])).Operator("ggn");
        var exact = CasesFolder.Expected(Mlp).Operator("ggn");
        foreach (string field in new[] { "trace", "frobenius", "variance" })
        {
            // A threefold fall is expected; the standard error of 16 probes is itself known to about a fifth.
            Assert.InRange(few.Number($"{field}_stderr") / many.Number($"{field}_stderr"), 1.7, 6);
            Assert.Equal(exact.Number(field), many.Number(field), 3.5 * many.Number($"{field}_stderr"));
        }
    }

    private async Task AssertSavedMatrixAsync(double[][] overlap)
    {
        using var stream = File.OpenRead(_folder["t.npz"]);
        var saved = JsonArrays.Nest(NpzFile.Read(stream));
        var rows = saved["operators"]!["hessian"]!["tracking"]!["overlap"]!.AsArray();
        Assert.Equal(overlap, rows.Select(row => row!.AsArray().Select(value => value!.GetValue<double>()).ToArray()));
        using var process = HostProcess.Start("plot", _folder["t.npz"]);
        Assert.True(await process.ExitCodeAsync() == 0, process.Errors);
    }
}
