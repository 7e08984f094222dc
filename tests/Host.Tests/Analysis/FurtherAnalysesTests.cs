using CurvatureMonitor.Host.Tests.Commands;

namespace CurvatureMonitor.Host.Tests.Analysis;

/// <summary>
/// What <c>curvature analyze</c> measures only where it is asked, against identities and reference cases.
/// </summary>
public sealed class FurtherAnalysesTests : IDisposable
{
    private const string Mlp = "mlp_mse_49_20_3";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Curves_of_a_density_integrate_to_one_and_only_those_that_were_asked_for_are_there()
    {
        var hessian = (
            await Analyses.OfAsync(
                CasesFolder.Case(Mlp),
                "--analyses",
                "sharpness",
                "--operators",
                "hessian",
                "--lanczos-steps",
                "60",
                "--views",
                "gaussian,log,kpm",
                "--power-law",
                "1e-6,0.1"
            )
        ).Operator("hessian");
        var views = hessian.GetProperty("views");
        Assert.Equal(["gaussian", "log", "kpm"], views.Members());
        foreach (string name in views.Members())
        {
            double[] points = views.GetProperty(name).Numbers("points"),
                values = views.GetProperty(name).Numbers("values");
            Assert.Equal(
                1,
                Enumerable
                    .Range(1, points.Length - 1)
                    .Sum(i => (points[i] - points[i - 1]) * (values[i] + values[i - 1]) / 2),
                0.01
            );
        }

        Assert.Equal(1e-6, views.GetProperty("log").GetProperty("power_law").Number("low"));
        Assert.True(hessian.TryGetProperty("density", out _));
        Assert.False(hessian.TryGetProperty("trace", out _));
    }

    [Fact]
    public async Task Eigenpairs_are_found_at_both_ends_with_few_vectors_in_memory()
    {
        var exact = Exact("hessian");
        var pairs = (
            await Analyses.OfAsync(
                CasesFolder.Case(Mlp),
                "--analyses",
                "eigenpairs",
                "--operators",
                "hessian",
                "--eigenpairs",
                "12,4",
                "--tolerance",
                "1e-7",
                "--vectors",
                "40"
            )
        )
            .Operator("hessian")
            .GetProperty("eigenpairs");
        Assert.True(pairs.GetProperty("converged").GetBoolean());
        Assert.Equal(40, pairs.GetProperty("vectors").GetInt32());
        double bound = 2e-7 * exact.Max(Math.Abs);
        Assert.All(pairs.Numbers("largest").Zip(exact), pair => Assert.Equal(pair.Second, pair.First, bound));
        Assert.All(pairs.Numbers("smallest").Zip(exact.Reverse()), pair =>
            Assert.Equal(pair.Second, pair.First, bound)
        );
        Assert.Equal((12, 4), (pairs.Numbers("largest").Length, pairs.Numbers("smallest").Length));
    }

    [Fact]
    public async Task Eigenpairs_that_did_not_converge_say_so_and_their_bounds_hold()
    {
        var exact = Exact("hessian");
        var pairs = (
            await Analyses.OfAsync(
                CasesFolder.Case(Mlp),
                "--analyses",
                "eigenpairs",
                "--operators",
                "hessian",
                "--eigenpairs",
                "3,1",
                "--tolerance",
                "1e-9",
                "--lanczos-steps",
                "12"
            )
        )
            .Operator("hessian")
            .GetProperty("eigenpairs");
        Assert.False(pairs.GetProperty("converged").GetBoolean());
        Assert.All(pairs.Numbers("largest").Zip(pairs.Numbers("largest_residuals")), pair =>
            Assert.InRange(exact.Min(value => Math.Abs(value - pair.First)), 0, pair.Second)
        );
    }

    [Fact]
    public async Task The_shape_adds_up()
    {
        var hessian = (
            await Analyses.OfAsync(CasesFolder.Case(Mlp), "--analyses", "shape", "--operators", "hessian,ggn")
        ).GetProperty("operators");
        foreach (var reading in new[] { hessian.GetProperty("hessian"), hessian.GetProperty("ggn") })
        {
            var shape = reading.GetProperty("shape");
            double[] nodes = reading.GetProperty("density").Numbers("nodes"),
                weights = reading.GetProperty("density").Numbers("weights");
            double negative = nodes
                .Zip(weights)
                .Where(stem => stem.First < -shape.Number("negative_tolerance"))
                .Sum(stem => stem.Second);
            Assert.Equal(negative, shape.Number("negative_eigenvalues"), 1e-12);
            double Size(Func<double, bool> of) =>
                nodes.Zip(weights).Where(stem => of(stem.First)).Sum(stem => stem.Second * Math.Abs(stem.First));
            Assert.Equal(
                Size(node => node < -shape.Number("negative_tolerance")) / Size(_ => true),
                shape.Number("negative_mass"),
                1e-12
            );
            double outside = nodes
                .Zip(weights)
                .Where(stem => stem.First < shape.Number("bulk_low") || stem.First > shape.Number("bulk_high"))
                .Sum(stem => stem.Second);
            Assert.Equal(1 - outside, shape.Number("bulk_mass"), 1e-9);
            Assert.InRange(shape.Number("rank_stable"), 1, shape.Number("rank_participation") * (1 + 1e-9));
            Assert.InRange(shape.Number("rank_participation"), 1, shape.Number("rank_entropy") * (1 + 1e-9));
        }

        Assert.Equal(0, hessian.GetProperty("ggn").GetProperty("shape").Number("negative_mass"), 1e-12);
    }

    [Fact]
    public async Task A_deflated_density_holds_its_outliers_as_atoms()
    {
        var hessian = (
            await Analyses.OfAsync(
                CasesFolder.Case(Mlp),
                "--analyses",
                "deflated",
                "--operators",
                "ggn",
                "--deflate",
                "4"
            )
        )
            .Operator("ggn")
            .GetProperty("deflated");
        double[] exact = Exact("ggn")[..4];
        Assert.All(hessian.Numbers("eigenvalues").Zip(exact), pair =>
            Assert.Equal(pair.Second, pair.First, 1e-5 * exact[0])
        );
        double[] nodes = hessian.GetProperty("density").Numbers("nodes"),
            weights = hessian.GetProperty("density").Numbers("weights");
        Assert.All(weights[^4..], weight => Assert.Equal(1.0 / Parameters(), weight, 1e-12));
        Assert.Equal(hessian.Numbers("eigenvalues").Order(), nodes[^4..]);
        Assert.Equal(1, weights.Sum(), 1e-12);
    }

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
            Assert.Equal(top.Number("spread") / Math.Sqrt(6), top.Number("stderr"), 1e-12);
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

    [Fact]
    public async Task Plot_draws_views_batches_and_tracking()
    {
        TinyBundle.Write(_folder["tiny"], TinyBundle.Linear, 1, 20);
        await Analyses.OfAsync(
            _folder["tiny"],
            "--analyses",
            "views,tracking,deflated",
            "--operators",
            "hessian",
            "--checkpoint",
            "all",
            "--batch-sizes",
            "4,6",
            "--batches",
            "3",
            "--out",
            _folder["saved.json"]
        );
        using var process = HostProcess.Start("plot", _folder["saved.json"]);
        Assert.True(await process.ExitCodeAsync() == 0, process.Errors);
        foreach (
            var (name, texts) in new (string, string[])[]
            {
                (
                    "density",
                    [
                        "hessian: density, linear axis",
                        "hessian: density, symmetric-log axis",
                        "hessian: log spectrum",
                        "hessian: outliers taken out and put back",
                    ]
                ),
                (
                    "batches",
                    ["hessian: mean and spread of a batch", "λ max predicted", "hessian: density of batches of 4"]
                ),
                (
                    "tracking",
                    ["overlap of the spaces", "hessian: curvature along kept vectors", "hessian: Wasserstein distance"]
                ),
            }
        )
        {
            string picture = File.ReadAllText(_folder[$"saved.{name}.svg"]);
            Assert.All(texts, text => Assert.Contains(text, picture, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task The_terminal_shows_what_was_asked_for()
    {
        TinyBundle.Write(_folder["tiny"], TinyBundle.Linear, 1, 20);
        using var process = HostProcess.Start(
            "analyze",
            _folder["tiny"],
            "--analyses",
            "weights,shape,eigenpairs,tracking,deflated,batch_sharpness,mini_batch",
            "--batch-sizes",
            "4",
            "--compare",
            "1",
            "--views",
            "gaussian"
        );
        Assert.Equal(0, await process.ExitCodeAsync());
        foreach (
            string text in new[]
            {
                "Weights l2",
                "Eigenpairs",
                "negative eigenvalues",
                "negative mass",
                "Gaussian σ",
                "Deflated density",
                "compared with",
                "Batch sharpness of the ggn",
                "Batches of the hessian",
                "errors off",
            }
        )
        {
            Assert.Contains(text, process.Output, StringComparison.Ordinal);
        }
    }

    private static double[] Exact(string name) => CasesFolder.Expected(Mlp).Operator(name).Numbers("eigenvalues");

    private static double Parameters() => CasesFolder.Expected(Mlp).Number("parameters");

    private async Task AssertSavedMatrixAsync(double[][] overlap)
    {
        using var stream = File.OpenRead(_folder["t.npz"]);
        var saved = Host.Analysis.JsonArrays.Nest(Host.Analysis.NpzFile.Read(stream));
        var rows = saved["operators"]!["hessian"]!["tracking"]!["overlap"]!.AsArray();
        Assert.Equal(overlap, rows.Select(row => row!.AsArray().Select(value => value!.GetValue<double>()).ToArray()));
        using var process = HostProcess.Start("plot", _folder["t.npz"]);
        Assert.True(await process.ExitCodeAsync() == 0, process.Errors);
    }
}
