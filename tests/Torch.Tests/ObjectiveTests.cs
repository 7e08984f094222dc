using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Torch.Tests;

public sealed class ObjectiveTests
{
    [Theory]
    [InlineData(BatchNormMode.Train)]
    [InlineData(BatchNormMode.Eval)]
    [InlineData(BatchNormMode.Recompute)]
    public void The_gradient_agrees_with_differences_of_the_loss(BatchNormMode mode)
    {
        using var model = TinyModels.Define(TinyModels.BatchNormCnn);
        using var samples = TinyModels.Images();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, mode, 4);
        using var theta = TinyModels.Theta(model, 5);
        using var gradient = theta.ZerosLike();
        double loss = objective.Gradient(theta, gradient);
        Assert.Equal(objective.Evaluate(theta).Loss, loss, 1e-14);
        if (mode == BatchNormMode.Recompute)
        {
            // The statistics follow θ but are not differentiated through, so differences of the loss are no reference
            // here.
            return;
        }

        Derivatives.AssertGradient(objective, theta, gradient, 1e-8);
    }

    [Fact]
    public void Mean_squared_error_is_the_mean_over_samples_and_outputs()
    {
        using var model = TinyModels.Define(TinyModels.Mlp);
        using var samples = TinyModels.Targets();
        using var objective = new Objective(model, samples, Loss.MeanSquaredError, BatchNormMode.Eval, 3);
        using var zero = Vector.Zeros(model.ParameterCount, ElementType.Float64, Device.Cpu);
        var evaluation = objective.Evaluate(zero);
        Assert.Equal(VectorTests.Numbers(23, 30).Average(y => y * y), evaluation.Loss, 1e-14);
        Assert.Null(evaluation.Accuracy);
        using var theta = TinyModels.Theta(model, 5);
        using var gradient = theta.ZerosLike();
        objective.Gradient(theta, gradient);
        Derivatives.AssertGradient(objective, theta, gradient, 1e-8);
    }

    [Fact]
    public void Gradients_of_chosen_samples_average_to_the_whole_and_micro_batches_do_not_matter()
    {
        using var model = TinyModels.Define(TinyModels.Mlp);
        using var samples = TinyModels.Vectors();
        using var whole = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 100);
        using var parts = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 3);
        Assert.Equal(TinyModels.Samples, whole.MicroBatch);
        using var theta = TinyModels.Theta(model, 5);
        using var gradient = theta.ZerosLike();
        using var other = theta.ZerosLike();
        double loss = whole.Gradient(theta, gradient);
        Assert.Equal(loss, parts.Gradient(theta, other), 1e-14);
        other.Add(gradient, -1);
        Assert.InRange(other.Norm(), 0, 1e-14);

        using var sum = theta.ZerosLike();
        for (long i = 0; i < TinyModels.Samples; i++)
        {
            parts.Gradient(theta, [i], other);
            sum.Add(other, 1.0 / TinyModels.Samples);
        }

        sum.Add(gradient, -1);
        Assert.InRange(sum.Norm(), 0, 1e-14);
        Assert.Throws<TorchException>(() => whole.Gradient(theta, [TinyModels.Samples], other));
        Assert.Throws<TorchException>(() => whole.Gradient(theta, [], other));
    }

    [Fact]
    public void Accuracy_is_the_share_of_largest_outputs_that_are_the_label()
    {
        using var model = TinyModels.Define(TinyModels.Mlp);
        using var samples = TinyModels.Vectors();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
        // Only the last bias is not zero: every sample is called class 2.
        double[] values = new double[model.ParameterCount];
        values[^1] = 1;
        using var theta = Vector.From(values, ElementType.Float64, Device.Cpu);
        Assert.Equal(
            TinyModels.Labels().Count(y => y == 2) / (double)TinyModels.Samples,
            objective.Evaluate(theta).Accuracy!.Value,
            1e-15
        );
    }

    [Fact]
    public void A_training_gradient_updates_the_running_statistics_as_PyTorch_documents_it()
    {
        using var model = TinyModels.Define(TinyModels.BatchNormCnn);
        using var samples = TinyModels.Images();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 10);
        // conv.weight = 0 and conv.bias = 0.8, −0.4 make every value of a channel the same: mean = bias, variance = 0.
        double[] values = new double[model.ParameterCount];
        (values[18], values[19]) = (0.8, -0.4);
        using var theta = Vector.From(values, ElementType.Float64, Device.Cpu);
        using var gradient = theta.ZerosLike();
        using var buffers = Vector.Zeros(4, ElementType.Float64, Device.Cpu);
        objective.TrainingGradient(theta, [0, 1, 2], gradient);
        objective.GetBuffers(buffers);
        double[] expected = [(0.9 * 0.3) + (0.1 * 0.8), (0.9 * -0.2) + (0.1 * -0.4), 0.9 * 1.5, 0.9 * 0.7];
        Assert.All(expected.Zip(buffers.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-14));
    }

    [Theory]
    [InlineData(BatchNormMode.Train)]
    [InlineData(BatchNormMode.Eval)]
    [InlineData(BatchNormMode.Recompute)]
    public void Measuring_leaves_the_running_statistics_as_they_were(BatchNormMode mode)
    {
        using var model = TinyModels.Define(TinyModels.BatchNormCnn);
        using var samples = TinyModels.Images();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, mode, 4);
        using var before = Vector.Zeros(4, ElementType.Float64, Device.Cpu);
        using var after = before.Clone();
        objective.GetBuffers(before);
        using var theta = TinyModels.Theta(model, 5);
        using var gradient = theta.ZerosLike();
        objective.Gradient(theta, gradient);
        objective.Evaluate(theta);
        using (var linearization = new Linearization(objective, theta))
        {
            linearization.HessianProduct(gradient, theta);
            linearization.GaussNewtonProduct(gradient, theta);
        }

        objective.GetBuffers(after);
        Assert.Equal(before.ToArray(), after.ToArray());
    }

    [Fact]
    public void Recomputed_statistics_are_those_of_the_whole_set()
    {
        using var model = TinyModels.Define(TinyModels.BatchNormCnn);
        using var samples = TinyModels.Images();
        using var theta = TinyModels.Theta(model, 5);
        using var recompute = new Objective(
            model,
            samples,
            Loss.CrossEntropy,
            BatchNormMode.Recompute,
            TinyModels.Samples
        );
        using var eval = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, TinyModels.Samples);

        // One training pass over the whole set has the batch's statistics with weight 0.1: solve for them.
        using var gradient = theta.ZerosLike();
        using var buffers = Vector.Zeros(4, ElementType.Float64, Device.Cpu);
        eval.TrainingGradient(theta, [.. Enumerable.Range(0, TinyModels.Samples)], gradient);
        eval.GetBuffers(buffers);
        double[] updated = buffers.ToArray(),
            old = [0.3, -0.2, 1.5, 0.7];
        double[] statistics = [.. updated.Zip(old, (u, o) => (u - (0.9 * o)) / 0.1)];
        buffers.CopyFrom(statistics);
        eval.SetBuffers(buffers);
        Assert.Equal(eval.Evaluate(theta).Loss, recompute.Evaluate(theta).Loss, 1e-12);
    }

    [Fact]
    public void Dropout_is_off_even_when_the_graph_says_train()
    {
        using var plain = TinyModels.Define(TinyModels.Mlp);
        using var dropping = TinyModels.Define(
            TinyModels.Mlp with
            {
                Source = TinyModels
                    .Mlp.Source.Replace("torch.tanh(", "torch.dropout(torch.tanh(", StringComparison.Ordinal)
                    .Replace("self.fc1.bias))", "self.fc1.bias)), 0.5, True)", StringComparison.Ordinal),
            }
        );
        using var samples = TinyModels.Vectors();
        using var theta = TinyModels.Theta(plain, 5);
        using var first = new Objective(plain, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
        using var second = new Objective(dropping, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
        Assert.Equal(first.Evaluate(theta), second.Evaluate(theta));
    }

    [Fact]
    public void A_model_that_answers_differently_twice_is_refused()
    {
        using var noisy = TinyModels.Define(
            TinyModels.Mlp with
            {
                Source = TinyModels.Mlp.Source.Replace(
                    "return ",
                    "return torch.rand_like(torch.linear(h, self.fc2.weight)) + ",
                    StringComparison.Ordinal
                ),
            }
        );
        using var samples = TinyModels.Vectors();
        var exception = Assert.Throws<TorchException>(() =>
            new Objective(noisy, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4)
        );
        Assert.Contains("two forward passes of the same samples differ", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Targets_that_do_not_fit_are_refused_with_what_was_expected()
    {
        using var model = TinyModels.Define(TinyModels.Mlp);
        using var targets = TinyModels.Targets();
        var exception = Assert.Throws<TorchException>(() =>
            new Objective(model, targets, Loss.CrossEntropy, BatchNormMode.Eval, 4)
        );
        Assert.Contains("class labels", exception.Message, StringComparison.Ordinal);

        using var wrong = Torch.Samples.Classification(
            VectorTests.Numbers(1, 12),
            [2, 6],
            [0L, 3],
            ElementType.Float64,
            Device.Cpu
        );
        exception = Assert.Throws<TorchException>(() =>
            new Objective(model, wrong, Loss.CrossEntropy, BatchNormMode.Eval, 4)
        );
        Assert.Equal("a class label is 3, but the model has 3 outputs", exception.Message);

        Assert.Throws<TorchException>(() =>
            Torch.Samples.Classification(VectorTests.Numbers(1, 11), [2, 6], [0L, 1], ElementType.Float64, Device.Cpu)
        );
        Assert.Throws<TorchException>(() =>
            Torch.Samples.Classification(VectorTests.Numbers(1, 12), [2, 6], [0L, -1], ElementType.Float64, Device.Cpu)
        );
        using var samples = TinyModels.Vectors();
        Assert.Throws<TorchException>(() => new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 0));
    }
}
