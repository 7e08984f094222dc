using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>How groups are cut, and samples that are not there.</summary>
public class GroupRefusalTests
{
    [Fact]
    public void Groups_are_cut_in_order_and_the_last_may_be_smaller()
    {
        var groups = SampleGroups.InOrder(10, 4);
        Assert.Equal([4L, 4, 2], Enumerable.Range(0, groups.Count).Select(groups.SizeOf));
        Assert.Equal(10, groups.SampleCount);
        Assert.Equal([4L, 2], Enumerable.Range(0, 2).Select(groups.Slice(1, 2).SizeOf));
    }

    [Fact]
    public void A_sample_that_is_not_there_is_refused_in_one_line()
    {
        using var model = TinyModels.Define(TinyModels.BatchNormCnn);
        using var samples = TinyModels.Images();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
        using var theta = TinyModels.Theta(model, 3);
        using var at = new Linearization(objective, theta);
        var refused = Assert.Throws<DerivativeException>(() =>
            at.GroupGradientSquares(SampleGroups.Cut([objective.SampleCount], 1), theta, new double[1])
        );
        Assert.Equal(DerivativeErrorKind.InvalidArgument, refused.Kind);
        Assert.Contains("outside", refused.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => SampleGroups.Cut([], 1));
    }
}
