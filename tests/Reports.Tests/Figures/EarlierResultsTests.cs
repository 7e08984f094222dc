using CurvatureMonitor.Reports.Figures;

namespace CurvatureMonitor.Reports.Tests.Figures;

/// <summary>What <c>analyze</c> of an earlier version saved is plotted as it was.</summary>
public sealed class EarlierResultsTests
{
    [Fact]
    public void A_file_of_two_steps_has_the_points_of_both()
    {
        var points = Read("two-steps.json");
        Assert.Equal(2, points.Select(point => point.Step).Distinct().Count());
        var hessian = points.First(point => point is { Step: 100, Operator: "hessian" });
        Assert.Equal(("adam-run", 0.6502403716695431), (hessian.Run, hessian.LambdaMax!.Value));
        Assert.Equal((0.04524198880473938, 4.232486963235528), (hessian.LambdaMax.Error, hessian.Variance!.Value));
        Assert.Equal([0.6502403716695431, 0.38674571333140206, 0.20799515376537414], hessian.Eigenvalues!);
    }

    [Fact]
    public void A_file_of_arrays_has_its_numbers()
    {
        var hessian = Assert.Single(Read("one.npz"), point => point.Operator == "hessian");
        Assert.True(hessian.LambdaMax!.Value > hessian.LambdaMin!.Value);
        Assert.Equal(0.6502403716695431, hessian.LambdaMax.Value, 0.1);
    }

    [Fact]
    public void Curves_and_stems_of_a_density_are_there()
    {
        var hessian = Assert.Single(Read("views.json"), point => point.Operator == "hessian");
        Assert.Equal(6, hessian.Density!.Nodes.Count);
        Assert.Equal(-0.617180065602521, hessian.Views!.Gaussian!.Points![0]);
    }

    private static IReadOnlyList<SavedPoint> Read(string name) =>
        SavedResult.Read(Path.Combine(AppContext.BaseDirectory, "Figures", "Earlier", name));
}
