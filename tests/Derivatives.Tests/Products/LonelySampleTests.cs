using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>A last micro-batch of one sample, which has no variance, goes with the one before.</summary>
public sealed class LonelySampleTests
{
    [Theory]
    [InlineData(BatchNormMode.Train)]
    [InlineData(BatchNormMode.Recompute)]
    public void It_is_joined_where_batches_have_statistics(BatchNormMode mode)
    {
        using var model = TinyModels.Define(TinyModels.BatchNormCnn);
        using var samples = TinyModels.Images();
        using var joined = new Objective(model, samples, Loss.CrossEntropy, mode, TinyModels.Samples - 1);
        using var whole = new Objective(model, samples, Loss.CrossEntropy, mode, TinyModels.Samples);
        using var theta = TinyModels.Theta(model, 5);
        Assert.Equal(whole.Evaluate(theta).Loss, joined.Evaluate(theta).Loss, 1e-12);
        using var expected = theta.ZerosLike();
        using var found = theta.ZerosLike();
        whole.Gradient(theta, expected);
        joined.Gradient(theta, found);
        Assert.All(expected.ToArray().Zip(found.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }

    [Fact]
    public void Products_and_groups_are_cut_alike()
    {
        using var model = TinyModels.Define(TinyModels.BatchNormCnn);
        using var samples = TinyModels.Images();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Train, 3);
        using var theta = TinyModels.Theta(model, 5);
        using var at = new Linearization(objective, theta);
        Assert.Equal(3, at.MicroBatches);
        Assert.Equal(objective.Evaluate(theta).Loss, at.Loss, 1e-12);
        var groups = SampleGroups.InOrder(TinyModels.Samples, 3, joinsLast: true);
        Assert.Equal([3L, 3L, 4L], Enumerable.Range(0, groups.Count).Select(groups.SizeOf));
    }

    [Fact]
    public void It_stays_alone_where_samples_do()
    {
        using var model = TinyModels.Define(TinyModels.Mlp);
        using var samples = TinyModels.Vectors();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Train, 3);
        using var theta = TinyModels.Theta(model, 5);
        using var at = new Linearization(objective, theta);
        Assert.Equal(4, at.MicroBatches);
    }
}
