using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Torch;
using CurvatureMonitor.Training.Optimizers;
using CurvatureMonitor.Training.RandomNumbers;

namespace CurvatureMonitor.Training.Tests.Optimizers;

/// <summary>
/// The updates against the algorithm boxes of PyTorch's documentation, written again here entry by entry, and against
/// closed forms.
/// </summary>
public sealed class OptimizerUpdateTests
{
    private const int Entries = 7;
    private const int Steps = 5;

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
        var (start, gradients) = RandomProblem();
        using var parameters = Vector.From(start, ElementType.Float64, Device.Cpu);
        using var gradient = parameters.ZerosLike();
        using var optimizer = Optimizer.Create(options, parameters);
        for (var t = 0; t < Steps; t++)
        {
            gradient.CopyFrom(gradients[t]);
            // A rate that changes, as under a schedule.
            optimizer.Step(parameters, gradient, options.LearningRate / (t + 1));
        }

        Assert.Equal(Steps, optimizer.StepCount);
        var actual = parameters.ToArray();
        for (var i = 0; i < Entries; i++)
        {
            var entry = i;
            double[] own = [.. gradients.Select(g => g[entry])];
            var expected =
                options.Kind == OptimizerKind.Sgd
                    ? ReferenceSgd(start[i], own, options)
                    : ReferenceAdam(start[i], own, options);
            Assert.Equal(expected, actual[i], 1e-13);
        }
    }

    [Fact]
    public void Heavy_ball_under_a_constant_gradient_moves_by_the_sum_of_a_geometric_series()
    {
        // m_t = g(1 − μᵗ)/(1 − μ), so θ_T = θ_0 − ηg Σ_{t=1..T} (1 − μᵗ)/(1 − μ).
        const double Rate = 0.1,
            Momentum = 0.5,
            Slope = 2;
        using var parameters = Vector.From([1.0], ElementType.Float64, Device.Cpu);
        using var gradient = parameters.ZerosLike();
        using var optimizer = Optimizer.Create(
            new OptimizerOptions { LearningRate = Rate, Momentum = Momentum },
            parameters
        );
        for (var t = 0; t < 4; t++)
        {
            gradient.Fill(Slope);
            optimizer.Step(parameters, gradient, Rate);
        }

        Assert.Equal(1 - (Rate * Slope * (1 + 1.5 + 1.75 + 1.875)), parameters.ToArray()[0], 1e-14);
    }

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

    private static (double[] Start, double[][] Gradients) RandomProblem()
    {
        var random = new Xoshiro256(17);
        double[] Draw() => [.. Enumerable.Range(0, Entries).Select(_ => random.NextUniform(-2, 2))];
        return (Draw(), [.. Enumerable.Range(0, Steps).Select(_ => Draw())]);
    }

    /// <summary>docs of torch.optim.SGD: b_1 = g_1, b_t = μ b_{t−1} + (1 − τ) g_t with τ = 0.</summary>
    private static double ReferenceSgd(double theta, double[] gradients, OptimizerOptions options)
    {
        double? buffer = null;
        for (var t = 1; t <= gradients.Length; t++)
        {
            var g = gradients[t - 1] + (options.WeightDecay * theta);
            if (options.Momentum != 0)
            {
                buffer = buffer is null ? g : (options.Momentum * buffer) + g;
                g = options.Nesterov ? g + (options.Momentum * buffer.Value) : buffer.Value;
            }

            theta -= options.LearningRate / t * g;
        }

        return theta;
    }

    /// <summary>docs of torch.optim.Adam and AdamW, with the corrected moments formed as printed there.</summary>
    private static double ReferenceAdam(double theta, double[] gradients, OptimizerOptions options)
    {
        double first = 0,
            second = 0;
        for (var t = 1; t <= gradients.Length; t++)
        {
            var (rate, g) = (options.LearningRate / t, gradients[t - 1]);
            if (options.Kind == OptimizerKind.AdamW)
            {
                theta -= rate * options.WeightDecay * theta;
            }
            else
            {
                g += options.WeightDecay * theta;
            }

            first = (options.Beta1 * first) + ((1 - options.Beta1) * g);
            second = (options.Beta2 * second) + ((1 - options.Beta2) * g * g);
            var firstHat = first / (1 - Math.Pow(options.Beta1, t));
            var secondHat = second / (1 - Math.Pow(options.Beta2, t));
            theta -= rate * firstHat / (Math.Sqrt(secondHat) + options.Epsilon);
        }

        return theta;
    }
}
