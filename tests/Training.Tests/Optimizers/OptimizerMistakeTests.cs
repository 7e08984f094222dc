using CurvatureMonitor.Training.Arguments;
using CurvatureMonitor.Training.Optimizers;

namespace CurvatureMonitor.Training.Tests.Optimizers;

/// <summary>Optimisers that are described wrongly.</summary>
public sealed class OptimizerMistakeTests
{
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
