using System.Globalization;
using System.Text.RegularExpressions;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>How much memory products take.</summary>
public sealed class MemoryEstimateTests
{
    [Fact]
    public void The_estimate_of_a_products_bytes_is_near_what_it_takes()
    {
        using var scene = new Scene(TinyModels.BatchNormCnn, BatchNormMode.Train, TinyModels.Samples);
        using var free = scene.Linearize(long.MaxValue, retain: 0);
        free.HessianProduct(scene.V, scene.W);
        long peak = free.PeakBytes;

        // Less than the product takes, and enough for the few samples that the estimate is made from.
        using var tight = scene.Linearize(peak * 7 / 10);
        var refused = Assert.Throws<DerivativeException>(() => tight.HessianProduct(scene.V, scene.W));
        var said = Regex.Match(refused.Message, @"needs about (\d+) bytes");
        Assert.True(said.Success, refused.Message);
        Assert.InRange(long.Parse(said.Groups[1].Value, CultureInfo.InvariantCulture), peak * 3 / 4, peak * 5 / 4);
    }

    [Fact]
    public void Groups_of_samples_take_the_memory_of_kept_graphs()
    {
        using var scene = new Scene(TinyModels.BatchNormCnn, BatchNormMode.Eval, 1);
        using var free = scene.Linearize(long.MaxValue);
        free.HessianProduct(scene.V, scene.W);
        long needed = free.PeakBytes;
        var all = SampleGroups.InOrder(TinyModels.Samples, TinyModels.Samples);
        double[] expected = new double[1],
            squares = new double[1];
        free.GroupGradientSquares(all, scene.Theta, expected);

        using var tight = scene.Linearize(needed);
        tight.HessianProduct(scene.V, scene.W);
        Assert.Equal(TinyModels.Samples, tight.RetainedMicroBatches);
        tight.GroupGradientSquares(all, scene.Theta, squares);
        Assert.Equal(expected, squares);
        Assert.Equal(0, tight.RetainedMicroBatches);
        Assert.True(tight.Degradation!.GraphsRebuilt);
    }
}
