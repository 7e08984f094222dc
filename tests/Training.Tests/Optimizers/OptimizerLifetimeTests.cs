using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Training.Arguments;
using CurvatureMonitor.Training.Optimizers;

namespace CurvatureMonitor.Training.Tests.Optimizers;

/// <summary>Optimisers that cannot be made, and that are gone.</summary>
public sealed class OptimizerLifetimeTests
{
    [Fact]
    public void A_wrong_hyper_parameter_makes_no_optimizer()
    {
        using var parameters = Vector.From([0.0], ElementType.Float64, Device.Cpu);
        Assert.Throws<TrainingConfigurationException>(() =>
            Optimizer.Create(new OptimizerOptions { Momentum = 1 }, parameters)
        );
    }

    [Fact]
    public void A_disposed_optimizer_refuses_to_step()
    {
        using var parameters = Vector.From([0.0], ElementType.Float64, Device.Cpu);
        var optimizer = Optimizer.Create(OptimizerOptions.Default, parameters);
        optimizer.Dispose();
        optimizer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => optimizer.Step(parameters, parameters, 0.1));
    }
}
