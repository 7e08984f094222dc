using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Training.Optimizers;

namespace CurvatureMonitor.Training.Tests.Optimizers;

/// <summary>
/// The updates against the algorithm boxes of PyTorch's documentation, written again here entry by entry, and against
/// closed forms.
/// </summary>
public sealed class OptimizerUpdateTests
{
    [Theory]
    [InlineData("sgd:learning_rate=0.1")]
    [InlineData("sgd:learning_rate=0.1;weight_decay=0.3")]
    [InlineData("sgd:learning_rate=0.1;momentum=0.9")]
    [InlineData("sgd:learning_rate=0.1;momentum=0.9;weight_decay=0.3")]
    [InlineData("sgd:learning_rate=0.1;momentum=0.7;nesterov=true")]
    [InlineData("sgd:learning_rate=0.1;momentum=0.7;nesterov=true;weight_decay=0.3")]
    [InlineData("adam:learning_rate=0.1")]
    [InlineData("adam:learning_rate=0.1;beta1=0.8;beta2=0.95;epsilon=0.01;weight_decay=0.3")]
    [InlineData("adam:learning_rate=0.1;beta1=0")]
    [InlineData("adamw:learning_rate=0.1")]
    [InlineData("adamw:learning_rate=0.1;beta1=0.8;beta2=0.95;epsilon=0.01;weight_decay=0.3")]
    public void Five_steps_agree_with_the_documented_algorithm_of_PyTorch(string text)
    {
        var options = OptimizerOptions.Parse(text);
        var (start, gradients) = RandomProblems.RandomProblem();
        using var parameters = Vector.From(start, ElementType.Float64, Device.Cpu);
        using var gradient = parameters.ZerosLike();
        using var optimizer = Optimizer.Create(options, parameters);
        for (var t = 0; t < RandomProblems.Steps; t++)
        {
            gradient.CopyFrom(gradients[t]);
            // A rate that changes, as under a schedule.
            optimizer.Step(parameters, gradient, options.LearningRate / (t + 1));
        }

        Assert.Equal(RandomProblems.Steps, optimizer.StepCount);
        var actual = parameters.ToArray();
        for (var i = 0; i < RandomProblems.Entries; i++)
        {
            var entry = i;
            double[] own = [.. gradients.Select(g => g[entry])];
            var expected =
                options.Kind == OptimizerKind.Sgd
                    ? ReferenceOptimizers.ReferenceSgd(start[i], own, options)
                    : ReferenceOptimizers.ReferenceAdam(start[i], own, options);
            Assert.Equal(expected, actual[i], 1e-13);
        }
    }
}
