using CurvatureMonitor.Training.Optimizers;

namespace CurvatureMonitor.Training.Tests.Optimizers;

public sealed class OptimizerOptionsTests
{
    [Fact]
    public void Texts_give_the_hyper_parameters_they_name()
    {
        Assert.Equal(
            new OptimizerOptions
            {
                LearningRate = 0.05,
                Momentum = 0.9,
                Nesterov = true,
                WeightDecay = 5e-4,
            },
            OptimizerOptions.Parse("sgd:learning_rate=0.05;momentum=0.9;nesterov=true;weight-decay=5e-4")
        );
        Assert.Equal(
            new OptimizerOptions
            {
                Kind = OptimizerKind.Adam,
                LearningRate = 0.002,
                Beta1 = 0.8,
                Beta2 = 0.99,
                Epsilon = 1e-6,
                WeightDecay = 0,
            },
            OptimizerOptions.Parse("ADAM:learning_rate=0.002;beta1=0.8;beta2=0.99;epsilon=1e-6")
        );
    }

    [Fact]
    public void What_is_absent_has_the_defaults_of_PyTorch()
    {
        var adamW = OptimizerOptions.Parse("adamw");
        Assert.Equal(
            (0.001, 0.9, 0.999, 1e-8, 0.01),
            (adamW.LearningRate, adamW.Beta1, adamW.Beta2, adamW.Epsilon, adamW.WeightDecay)
        );
        Assert.Equal(
            (0.001, 0),
            (OptimizerOptions.Parse("adam").LearningRate, OptimizerOptions.Parse("adam").WeightDecay)
        );
        Assert.Equal(
            (0, false, 0),
            (
                OptimizerOptions.Parse("sgd").Momentum,
                OptimizerOptions.Parse("sgd").Nesterov,
                OptimizerOptions.Parse("sgd").WeightDecay
            )
        );
    }
}
