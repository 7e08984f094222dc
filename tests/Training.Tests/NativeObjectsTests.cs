using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Training.Arguments;
using CurvatureMonitor.Training.Optimizers;
using CurvatureMonitor.Training.Tests.Models;

namespace CurvatureMonitor.Training.Tests;

[Collection("alone")]
public sealed class NativeObjectsTests
{
    [Fact]
    public void A_run_that_is_disposed_leaves_no_native_object_behind()
    {
        var before = TorchRuntime.LiveObjects;
        for (var i = 0; i < 20; i++)
        {
            using var samples = new SyntheticData(10, [1, 8, 8], 5, 1).Samples(ElementType.Float32);
            using var run = new TrainingRun(Options("cnn-bn:input=1,8,8;channels=3,4;classes=5"), samples, samples);
            run.Step();
            run.Evaluate();
        }

        Assert.Equal(before, TorchRuntime.LiveObjects);
    }

    [Fact]
    public void A_run_whose_data_does_not_fit_the_model_leaves_no_native_object_behind()
    {
        var before = TorchRuntime.LiveObjects;
        for (var i = 0; i < 5; i++)
        {
            using var samples = new SyntheticData(10, [1, 8, 8], 5, 1).Samples(ElementType.Float32);
            Assert.Throws<DerivativeException>(() =>
            {
                using var run = new TrainingRun(Options("softmax:classes=5"), samples); // a model for 28 × 28 pixels
                run.Step();
            });
        }

        Assert.Equal(before, TorchRuntime.LiveObjects);
    }

    private static TrainingOptions Options(string model) =>
        new()
        {
            Model = NamedArguments.Parse(model, "model"),
            Optimizer = OptimizerOptions.Parse("adamw"),
            Steps = 3,
            BatchSize = 4,
        };
}
