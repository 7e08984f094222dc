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

    [Theory]
    [InlineData("lion", "there is no optimizer 'lion': choose one of sgd, adam, adamw")]
    [InlineData("sgd:beta1=0.9", "optimizer sgd has no argument 'beta1'")]
    [InlineData("adam:momentum=0.9", "optimizer adam has no argument 'momentum'")]
    [InlineData("sgd:learning_rate=fast", "learning_rate=fast is not valid: give a number")]
    [InlineData("sgd:learning_rate=0", "learning_rate is 0: give a number above 0")]
    [InlineData("sgd:learning_rate=NaN", "learning_rate=NaN is not valid")]
    [InlineData("sgd:momentum=1", "momentum is 1: give a number from 0 to below 1")]
    [InlineData("sgd:nesterov=true", "Nesterov momentum needs a momentum above 0")]
    [InlineData("sgd:momentum=0.9;nesterov=maybe", "nesterov=maybe is not valid: give true or false")]
    [InlineData("adam:beta2=1", "beta2 is 1")]
    [InlineData("adamw:weight_decay=-1", "weight_decay is -1")]
    [InlineData("adam:epsilon=-1", "epsilon is -1")]
    public void A_mistake_says_in_one_line_what_is_wrong(string text, string part)
    {
        var failure = Assert.Throws<TrainingConfigurationException>(() => OptimizerOptions.Parse(text));
        Assert.Contains(part, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }

    [Fact]
    public void Every_mistake_of_a_hand_made_record_is_told()
    {
        var options = new OptimizerOptions
        {
            Kind = OptimizerKind.Adam,
            LearningRate = double.NaN,
            Momentum = 0.9,
            Beta1 = -1,
        };
        Assert.Equal(3, options.Mistakes().Count);
        Assert.Throws<TrainingConfigurationException>(options.Validate);
    }
}
