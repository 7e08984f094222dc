namespace CurvatureMonitor.Host.Tests.Analysis;

/// <summary>
/// Curves, eigenpairs, shape and deflation of a spectrum in <c>curvature analyze</c>, against reference cases.
/// </summary>
public sealed class SpectrumViewsTests : IDisposable
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

    private static double[] Exact(string name) => CasesFolder.Expected(Mlp).Operator(name).Numbers("eigenvalues");

    private static double Parameters() => CasesFolder.Expected(Mlp).Number("parameters");
}
