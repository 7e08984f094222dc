using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Training.Optimizers;

namespace CurvatureMonitor.Training.Tests.Optimizers;

/// <summary>The moments of Adam.</summary>
public sealed class AdamMomentTests
{
    [Theory]
    [InlineData(1e-3)]
    [InlineData(-40.0)]
    public void The_first_step_of_Adam_has_the_length_of_the_learning_rate_whatever_the_gradient(double slope)
    {
        using var parameters = Vector.From([3.0], ElementType.Float64, Device.Cpu);
        using var gradient = Vector.From([slope], ElementType.Float64, Device.Cpu);
        var options = OptimizerOptions.DefaultsOf(OptimizerKind.Adam) with { Epsilon = 0 };
        using var optimizer = Optimizer.Create(options, parameters);
        optimizer.Step(parameters, gradient, 0.25);
        Assert.Equal(3 - (0.25 * Math.Sign(slope)), parameters.ToArray()[0], 1e-12);
    }

    [Fact]
    public void The_second_moment_is_the_running_mean_of_squared_gradients_and_absent_for_SGD()
    {
        using var parameters = Vector.From([0.0, 0.0], ElementType.Float64, Device.Cpu);
        using var gradient = parameters.ZerosLike();
        using var adam = Optimizer.Create(OptimizerOptions.Parse("adam:beta2=0.9"), parameters);
        gradient.CopyFrom([3.0, -1.0]);
        adam.Step(parameters, gradient, 0.1);
        gradient.CopyFrom([1.0, 2.0]);
        adam.Step(parameters, gradient, 0.1);
        var second = Assert.IsType<Vector>(adam.SecondMoment).ToArray();
        Assert.Equal((0.9 * 0.9) + 0.1, second[0], 1e-14);
        Assert.Equal((0.9 * 0.1) + 0.4, second[1], 1e-14);
        using var sgd = Optimizer.Create(OptimizerOptions.Default, parameters);
        Assert.Null(sgd.SecondMoment);
    }
}
