using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Failures give back what they took.</summary>
[Collection(nameof(LeakTests))]
public sealed class FailureLeakTests
{
    [Fact]
    public void Failures_leave_no_object_and_no_byte()
    {
        using var model = TinyModels.Define(TinyModels.BatchNormCnn);
        using var samples = TinyModels.Images();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Train, 4);
        using var theta = TinyModels.Theta(model, 5);
        NativeUse.Measure(objective, theta);
        var objects = TorchRuntime.LiveObjectsByKind;
        using var memory = new MemoryScope();
        for (int i = 0; i < 100; i++)
        {
            Assert.Throws<DerivativeException>(() =>
                new Linearization(objective, theta, new LinearizationOptions { LimitBytes = 5000 + (i * 10) })
            );
            using var wrong = Vector.Zeros(3, ElementType.Float64, Device.Cpu);
            Assert.Throws<DerivativeException>(() => new Linearization(objective, wrong));
            objects = TorchRuntime.LiveObjectsByKind.ToDictionary(
                p => p.Key,
                p => p.Value - (p.Key == "vector" ? 1 : 0)
            );
        }

        NativeUse.Measure(objective, theta);
        Assert.Equal(objects, TorchRuntime.LiveObjectsByKind);
        Assert.Equal(0, memory.Net);
    }
}
