using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Tests.Functions;

/// <summary>Compares a function of ours with libtorch's and with differences.</summary>
internal static class AssertDerivatives
{
    /// <summary>Both have the same value and derivatives, in the inputs' own precision.</summary>
    internal static void Same(Func<Tensor[], Tensor> own, Func<Tensor[], Tensor> reference, params Tensor[] inputs) =>
        Same(own, inputs, reference, inputs);

    /// <summary>The same where libtorch, which is not to be trusted in float32, computes in float64.</summary>
    internal static void SameInDouble(
        Func<Tensor[], Tensor> own,
        Func<Tensor[], Tensor> reference,
        params Tensor[] inputs
    )
    {
        using var scope = NewDisposeScope();
        Tensor[] doubles =
        [
            .. inputs.Select(x => x.detach().to(ScalarType.Float64).requires_grad_(x.requires_grad)),
        ];
        Same(own, inputs, reference, doubles);
    }

    private static void Same(
        Func<Tensor[], Tensor> own,
        Tensor[] inputs,
        Func<Tensor[], Tensor> reference,
        Tensor[] referenceInputs
    )
    {
        using var scope = NewDisposeScope();
        Tensor[] directions = [.. inputs.Select((input, i) => Values.Like(input, 100 + i))],
            referenceDirections = [.. referenceInputs.Select((input, i) => Values.Like(input, 100 + i))];
        double tolerance = inputs[0].dtype == ScalarType.Float64 ? 1e-11 : 2e-5;
        var expected = Derived.Of(reference, referenceInputs, referenceDirections);
        foreach (var (a, b) in Derived.Of(own, inputs, directions).Parts().Zip(expected.Parts()))
        {
            Assert.Equal(inputs[0].dtype, a.Tensor.dtype);
            Close(a.Name, a.Tensor, b.Tensor, tolerance);
        }
    }

    /// <summary>
    /// Gradient and Hessian product are what central differences of value and gradient say, in float64; the functions
    /// are at most quadratic along a line, or smooth.
    /// </summary>
    internal static void AgreeWithDifferences(Func<Tensor[], Tensor> own, params Tensor[] inputs)
    {
        using var scope = NewDisposeScope();
        const double Step = 1e-5;
        Tensor[] directions = [.. inputs.Select((input, i) => Values.Like(input, 100 + i))];
        var here = Derived.Of(own, inputs, directions);
        Derived At(double step) =>
            Derived.Of(
                own,
                [
                    .. inputs.Select(
                        (x, i) => x.requires_grad ? (x.detach() + directions[i] * step).requires_grad_() : x
                    ),
                ],
                directions
            );
        Derived above = At(Step),
            below = At(-Step);
        for (int i = 0; i < here.Product.Length; i++)
        {
            Close(
                $"difference of gradient {i}",
                here.Product[i],
                (above.Gradient[i] - below.Gradient[i]) / (2 * Step),
                1e-7
            );
        }

        Close("difference of values", here.Jacobian, (above.Value - below.Value) / (2 * Step), 1e-7);
    }

    internal static void Close(string name, Tensor actual, Tensor expected, double tolerance)
    {
        Assert.Equal(expected.shape, actual.shape);
        double error = (actual - expected).to(ScalarType.Float64).norm().item<double>();
        double scale = expected.norm().to(ScalarType.Float64).item<double>();
        Assert.True(error <= tolerance * (1 + scale), $"{name}: {error:E2} of {scale:E2}");
    }
}
