using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Derivatives.Tests.Products;

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
        double[] values = VectorNumbers.Numbers(5, (int)model.ParameterCount);
        values[model.Parameters.Single(slot => slot.Name == "fc2.weight").Offset + 7] = value;
        ScalarModel.AssertFails(model, samples, values, "parameter fc2.weight[7] is NaN or infinite");
    }

    [Fact]
    public void A_buffer_that_is_not_finite_is_named()
    {
        using var model = TinyModels.Define(TinyModels.BatchNormCnn);
        using var buffers = Vector.From([0.3, -0.2, double.NaN, 0.7], ElementType.Float64, Device.Cpu);
        model.SetBuffers(buffers);
        using var samples = TinyModels.Images();
        ScalarModel.AssertFails(
            model,
            samples,
            VectorNumbers.Numbers(5, (int)model.ParameterCount),
            "buffer bn.running_var[0] is NaN or infinite"
        );
    }

    [Fact]
    public void An_input_that_is_not_finite_is_named()
    {
        using var model = TinyModels.Define(TinyModels.Mlp);
        double[] inputs = VectorNumbers.Numbers(21, TinyModels.Samples * 6);
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
        ScalarModel.AssertFails(
            model,
            samples,
            VectorNumbers.Numbers(5, (int)model.ParameterCount),
            "the inputs of sample 7 hold NaN or an infinity"
        );
    }
}
