using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

/// <summary>The smallest operators, and requests beyond what there is.</summary>
public class ExtremalLimitsTests
{
    [Fact]
    public void A_zero_operator_has_zero_ends_and_no_nan()
    {
        using var symmetric = Matrices.Operator(new double[20, 20]);
        using var result = ExtremalEigenpairs.Find(symmetric, new ExtremalOptions { Top = 10 });
        Assert.True(result.Converged);
        Assert.Equal(10, result.Top.Count);
        Assert.All(result.Top, pair => Assert.Equal(0, pair.Value));
        Assert.Equal(new Estimate(0, 0), result.LambdaMin);
    }

    [Fact]
    public void An_operator_smaller_than_the_request_gives_all_it_has()
    {
        using var symmetric = Matrices.Operator(Matrices.Diagonal([1, 2, 3]));
        using var result = ExtremalEigenpairs.Find(symmetric, new ExtremalOptions { Top = 10, Bottom = 10 });
        Assert.True(result.Converged);
        Assert.Equal([3.0, 2.0, 1.0], result.Top.Select(pair => Math.Round(pair.Value, 12)));
        Assert.Equal([1.0, 2.0, 3.0], result.Bottom.Select(pair => Math.Round(pair.Value, 12)));
    }

    [Fact]
    public void One_end_alone_can_be_asked_for()
    {
        using var symmetric = Matrices.Operator(Matrices.Named("spiked"));
        using var result = ExtremalEigenpairs.Find(symmetric, new ExtremalOptions { Bottom = 0, Tolerance = 1e-10 });
        Assert.Equal(100, result.LambdaMax!.Value, 1e-8);
        Assert.Null(result.LambdaMin);
        Assert.Empty(result.Bottom);
    }
}
