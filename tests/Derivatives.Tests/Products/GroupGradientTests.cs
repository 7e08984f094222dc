using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Gradients of groups of samples.</summary>
public class GroupGradientTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Squares_of_group_gradients_equal_those_of_the_objective(int size)
    {
        using var model = TinyModels.Define(TinyModels.BatchNormCnn);
        using var samples = TinyModels.Images();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 5);
        using var theta = TinyModels.Theta(model, 3);
        using var at = new Linearization(objective, theta);
        using var centre = theta.ZerosLike();
        at.CopyGradient(centre);
        var groups = SampleGroups.InOrder(objective.SampleCount, size);
        double[] squares = new double[groups.Count];
        at.GroupGradientSquares(groups, centre, squares);
        using var gradient = theta.ZerosLike();
        for (int j = 0; j < groups.Count; j++)
        {
            long[] chosen = [.. Enumerable.Range(0, (int)groups.SizeOf(j)).Select(i => (long)((j * size) + i))];
            objective.Gradient(theta, chosen, gradient);
            gradient.Add(centre, -1);
            Assert.Equal(gradient.Dot(gradient), squares[j], 1e-12);
        }

        double[] last = new double[1];
        at.GroupGradientSquares(groups.Slice(groups.Count - 1, 1), centre, last);
        Assert.Equal(squares[^1], last[0]);
    }
}
