using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Torch.Tests;

/// <summary>
/// A number that is not finite ends an analysis with its place; so does a model that is random at this θ.
/// </summary>
public sealed class FinitenessTests
{
    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public void A_parameter_that_is_not_finite_is_named(double value)
    {
        using var model = TinyModels.Define(TinyModels.Mlp);
        using var samples = TinyModels.Vectors();
        double[] values = VectorTests.Numbers(5, (int)model.ParameterCount);
        values[model.Parameters.Single(slot => slot.Name == "fc2.weight").Offset + 7] = value;
        AssertFails(model, samples, values, "parameter fc2.weight[7] is NaN or infinite");
    }

    [Fact]
    public void A_buffer_that_is_not_finite_is_named()
    {
        using var model = TinyModels.Define(TinyModels.BatchNormCnn);
        using var buffers = Vector.From([0.3, -0.2, double.NaN, 0.7], ElementType.Float64, Device.Cpu);
        model.SetBuffers(buffers);
        using var samples = TinyModels.Images();
        AssertFails(
            model,
            samples,
            VectorTests.Numbers(5, (int)model.ParameterCount),
            "buffer bn.running_var[0] is NaN or infinite"
        );
    }

    [Fact]
    public void An_input_that_is_not_finite_is_named()
    {
        using var model = TinyModels.Define(TinyModels.Mlp);
        double[] inputs = VectorTests.Numbers(21, TinyModels.Samples * 6);
        inputs[(7 * 6) + 2] = double.PositiveInfinity;
        inputs[8 * 6] = double.NaN;
        using var samples = Samples.Classification(
            inputs,
            [TinyModels.Samples, 6],
            TinyModels.Labels(),
            ElementType.Float64,
            Device.Cpu
        );
        // tanh swallows an infinity and not a NaN, which is in the next row of the same micro-batch.
        AssertFails(
            model,
            samples,
            VectorTests.Numbers(5, (int)model.ParameterCount),
            "the inputs of sample 7 hold NaN or an infinity"
        );
    }

    [Fact]
    public void Outputs_and_gradients_that_are_not_finite_are_traced_to_their_samples()
    {
        using var samples = TinyModels.Vectors();
        using var overflowing = TinyModels.Define(Scalar("torch.exp(1000 * self.b) * x[:, :3]"));
        AssertFails(overflowing, samples, [2, 1], "the model's outputs for samples 0 to 3 hold NaN or an infinity");

        // √ has the value 0 and no derivative at 0.
        using var rough = TinyModels.Define(Scalar("self.a * x[:, :3] + torch.sqrt(self.b)"));
        AssertFails(rough, samples, [2, 0], "the gradient of the loss of samples 0 to 3 is not finite, first in b[0]");
    }

    [Fact]
    public void A_second_derivative_that_is_not_finite_is_traced_to_its_samples_and_parameter()
    {
        using var samples = TinyModels.Vectors();
        using var model = TinyModels.Define(Scalar("self.a * x[:, :3] + self.b * torch.sqrt(self.b) * x[:, 3:]"));
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
        using var theta = Vector.From([2.0, 0], ElementType.Float64, Device.Cpu);
        using var w = theta.ZerosLike();
        TorchException? failure = null;
        try
        {
            using var at = new Linearization(objective, theta);
            at.HessianProduct(theta, w);
        }
        catch (TorchException exception)
        {
            failure = exception;
        }

        Assert.Equal(TorchErrorKind.NonFinite, failure?.Kind);
        Assert.Contains("samples 0 to 3", failure!.Message, StringComparison.Ordinal);
        Assert.Contains(" in b[0]", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_direction_that_is_not_finite_is_named()
    {
        using var model = TinyModels.Define(TinyModels.Mlp);
        using var samples = TinyModels.Vectors();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
        using var theta = TinyModels.Theta(model, 5);
        using var at = new Linearization(objective, theta);
        double[] direction = VectorTests.Numbers(6, (int)model.ParameterCount);
        direction[1] = double.NaN;
        using var v = Vector.From(direction, ElementType.Float64, Device.Cpu);
        using var w = v.ZerosLike();
        var failure = Assert.Throws<TorchException>(() => at.HessianProduct(v, w));
        Assert.Equal(TorchErrorKind.NonFinite, failure.Kind);
        Assert.Contains(
            "the vector of a curvature product is NaN or infinite, first at fc1.weight[1]",
            failure.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_model_that_is_random_at_this_point_alone_is_refused_there()
    {
        using var samples = TinyModels.Vectors();
        using var model = TinyModels.Define(
            Scalar("self.a * x[:, :3] + torch.relu(self.b) * torch.rand_like(x[:, 3:])")
        );
        using var calm = Vector.From([2.0, -1], ElementType.Float64, Device.Cpu);
        model.SetParameters(calm);
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
        new Linearization(objective, calm).Dispose();
        using var live = Vector.From([2.0, 1], ElementType.Float64, Device.Cpu);
        var refused = Assert.Throws<TorchException>(() => new Linearization(objective, live));
        Assert.Equal(TorchErrorKind.InvalidArgument, refused.Kind);
        Assert.Contains("two forward passes of the same samples differ", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Two parameters a and b, six inputs, three outputs.</summary>
    private static ScriptModelSource Scalar(string outputs) =>
        new(
            "scalar",
            $"""
            def forward(self, x: Tensor) -> Tensor:
                return {outputs}
            """,
            [new("a", [1]), new("b", [1])],
            []
        );

    private static void AssertFails(ScriptModel model, Samples samples, double[] theta, string message)
    {
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
        using var point = Vector.From(theta, ElementType.Float64, Device.Cpu);
        var failure = Assert.Throws<TorchException>(() => new Linearization(objective, point));
        Assert.Equal(TorchErrorKind.NonFinite, failure.Kind);
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }
}
