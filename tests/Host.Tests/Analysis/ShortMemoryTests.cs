using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Curvature.Analyses;

namespace CurvatureMonitor.Host.Tests.Analysis;

/// <summary>What happens where the Lanczos basis does not fit, in the documented order.</summary>
public sealed class ShortMemoryTests
{
    private const string Case = "mlp_mse_49_20_3";

    [Fact]
    public async Task Without_room_for_a_basis_the_density_is_fast_and_the_eigenvalues_are_still_right()
    {
        var (document, notes) = await Analyses.WithNotesAsync(
            CasesFolder.Case(Case),
            "--analyses",
            "spectrum",
            "--operators",
            "ggn",
            "--memory-budget",
            "1"
        );
        Assert.Contains("without reorthogonalisation", notes, StringComparison.Ordinal);
        Assert.False(document.GetProperty("provenance").GetProperty("reorthogonalised").GetBoolean());
        var ggn = document.Operator("ggn");
        double[] exact = CasesFolder.Expected(Case).Operator("ggn").Numbers("eigenvalues");
        Assert.Equal(exact[0], ggn.Number("lambda_max"), 1e-8 * exact[0]);
        Assert.All(ggn.Numbers("eigenvalues").Zip(exact), pair =>
            Assert.Equal(pair.Second, pair.First, 1e-6 * exact[0])
        );
        double trace = exact.Sum(),
            parameters = exact.Length;
        double mean = ggn.GetProperty("density")
            .Numbers("nodes")
            .Zip(ggn.GetProperty("density").Numbers("weights"), (node, weight) => node * weight)
            .Sum();
        Assert.Equal(trace, parameters * mean, 4 * Math.Sqrt(2 * exact.Sum(value => value * value)));
    }

    [Fact]
    public async Task Asked_for_a_fast_density_has_ends_and_no_list_of_eigenvalues()
    {
        var (document, notes) = await Analyses.WithNotesAsync(
            CasesFolder.Case(Case),
            "--analyses",
            "spectrum",
            "--operators",
            "ggn",
            "--fast",
            "--lanczos-steps",
            "40"
        );
        Assert.DoesNotContain("budget", notes, StringComparison.Ordinal);
        var ggn = document.Operator("ggn");
        Assert.False(document.GetProperty("provenance").GetProperty("reorthogonalised").GetBoolean());
        Assert.False(ggn.TryGetProperty("eigenvalues", out _));
        double[] exact = CasesFolder.Expected(Case).Operator("ggn").Numbers("eigenvalues");
        Assert.InRange(
            exact.Min(value => Math.Abs(value - ggn.Number("lambda_max"))),
            0,
            ggn.Number("lambda_max_residual")
        );
        Assert.Equal(40, ggn.GetProperty("lanczos_steps").GetInt32());
    }

    [Theory]
    [InlineData(null, 2000, 1000, true)]
    [InlineData(null, 300, 300, true)]
    [InlineData(null, 60, 60, true)]
    [InlineData(null, 49, KrylovPlan.FastSteps, false)]
    [InlineData(30, 30, 30, true)]
    [InlineData(30, 29, 30, false)]
    [InlineData(400, 60, 60, true)]
    [InlineData(400, 10, 400, false)]
    public void A_plan_takes_the_steps_that_fit_and_too_few_are_made_without_a_basis(
        int? asked,
        int fit,
        int steps,
        bool reorthogonalise
    )
    {
        var settings = (AnalysisSettings.Thorough with { LanczosSteps = asked }).Within(4L * 8 * 5000 * fit);
        var plan = KrylovPlan.Of(settings, 5000, 8);
        Assert.Equal((steps, reorthogonalise, fit), (plan.Steps, plan.Reorthogonalise, plan.Vectors));
        Assert.Equal(
            plan.Reorthogonalise && plan.Steps == (asked ?? AnalysisSettings.DefaultMaximumSteps),
            plan.Note(settings) is null
        );
    }

    [Fact]
    public async Task Lowered_steps_are_told_and_recorded()
    {
        var (document, notes) = await Analyses.WithNotesAsync(
            CasesFolder.Case(Case),
            "--analyses",
            "spectrum",
            "--operators",
            "hessian",
            "--memory-budget",
            "2",
            "--lanczos-steps",
            "200"
        );
        var provenance = document.GetProperty("provenance");
        int allowed = provenance.GetProperty("steps_allowed").GetInt32();
        Assert.Equal(200, provenance.GetProperty("steps_wanted").GetInt32());
        Assert.InRange(allowed, 50, 199);
        Assert.Equal(
            allowed,
            document.Operator("hessian").GetProperty("density").GetProperty("nodes").GetArrayLength()
        );
        Assert.Contains($"at most {allowed} steps instead of 200", notes, StringComparison.Ordinal);
    }
}
