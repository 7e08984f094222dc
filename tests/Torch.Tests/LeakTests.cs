using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Torch.Tests;

/// <summary>The counters are the process's, so these tests must not run beside others.</summary>
[CollectionDefinition(nameof(LeakTests), DisableParallelization = true)]
[Collection(nameof(LeakTests))]
public sealed class LeakTests
{
    [Fact]
    public void A_thousand_linearizations_leave_no_object_and_no_byte()
    {
        using var model = TinyModels.Define(TinyModels.BatchNormCnn);
        using var samples = TinyModels.Images();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Train, 4);
        using var theta = TinyModels.Theta(model, 5);
        Measure(objective, theta);
        var objects = TorchRuntime.LiveObjectsByKind;
        long bytes = TorchRuntime.LiveBytes;
        for (int i = 0; i < 1000; i++)
        {
            Measure(objective, theta);
        }

        Assert.Equal(objects, TorchRuntime.LiveObjectsByKind);
        Assert.Equal(bytes, TorchRuntime.LiveBytes);
    }

    [Fact]
    public void Failures_leave_no_object_and_no_byte()
    {
        using var model = TinyModels.Define(TinyModels.BatchNormCnn);
        using var samples = TinyModels.Images();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Train, 4);
        using var theta = TinyModels.Theta(model, 5);
        Measure(objective, theta);
        var objects = TorchRuntime.LiveObjectsByKind;
        long bytes = TorchRuntime.LiveBytes;
        for (int i = 0; i < 100; i++)
        {
            Assert.Throws<TorchException>(() =>
                new Linearization(objective, theta, new LinearizationOptions { LimitBytes = 5000 + (i * 10) })
            );
            using var wrong = Vector.Zeros(3, ElementType.Float64, Device.Cpu);
            Assert.Throws<TorchException>(() => new Linearization(objective, wrong));
            objects = TorchRuntime.LiveObjectsByKind.ToDictionary(
                p => p.Key,
                p => p.Value - (p.Key == "vector" ? 1 : 0)
            );
        }

        Measure(objective, theta);
        Assert.Equal(objects, TorchRuntime.LiveObjectsByKind);
        Assert.Equal(bytes, TorchRuntime.LiveBytes);
    }

    private static void Measure(Objective objective, Vector theta)
    {
        using var at = new Linearization(objective, theta);
        using var v = TinyModels.Random(at, 1);
        using var w = v.ZerosLike();
        at.HessianProduct(v, w);
        at.GaussNewtonProduct(v, w);
    }
}
