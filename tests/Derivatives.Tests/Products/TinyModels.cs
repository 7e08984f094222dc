using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.TorchScript;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Small models written here by hand, so that these tests need nothing but the engine.</summary>
internal static class TinyModels
{
    internal const int Classes = 3;
    internal const int Samples = 10;

    /// <summary>6 inputs, tanh hidden layer of 4, 3 outputs.</summary>
    internal static ScriptModelSource Mlp { get; } =
        new(
            "mlp",
            """
            def forward(self, x: Tensor) -> Tensor:
                h = torch.tanh(torch.linear(x, self.fc1.weight, self.fc1.bias))
                return torch.linear(h, self.fc2.weight, self.fc2.bias)
            """,
            [
                new("fc1.weight", [4, 6]),
                new("fc1.bias", [4]),
                new("fc2.weight", [Classes, 4]),
                new("fc2.bias", [Classes]),
            ],
            []
        );

    /// <summary>
    /// A convolution, batch norm, softplus (smooth, for finite differences), average pool, linear layer on 1 × 6 × 6
    /// images.
    /// </summary>
    internal static ScriptModelSource BatchNormCnn { get; } =
        new(
            "cnn",
            """
            def forward(self, x: Tensor) -> Tensor:
                h = torch.conv2d(x, self.conv.weight, self.conv.bias)
                h = torch.batch_norm(h, self.bn.weight, self.bn.bias,
                                     self.bn.running_mean, self.bn.running_var, False, 0.1, 1e-05, False)
                h = torch.softplus(h)
                h = torch.avg_pool2d(h, [2, 2])
                return torch.linear(torch.flatten(h, 1), self.fc.weight, self.fc.bias)
            """,
            [
                new("conv.weight", [2, 1, 3, 3]),
                new("conv.bias", [2]),
                new("bn.weight", [2]),
                new("bn.bias", [2]),
                new("fc.weight", [Classes, 8]),
                new("fc.bias", [Classes]),
            ],
            [new("bn.running_mean", [2]), new("bn.running_var", [2])]
        );

    internal static ScriptModel Define(ScriptModelSource source, ElementType type = ElementType.Float64, int seed = 11)
    {
        var model = ScriptModel.Define(source, type, Device.Cpu);
        using var theta = Theta(model, seed);
        model.SetParameters(theta);
        if (model.BufferCount > 0)
        {
            // Means and variances unlike a batch's own, so that the modes differ.
            using var buffers = Vector.From([0.3, -0.2, 1.5, 0.7], type, Device.Cpu);
            model.SetBuffers(buffers);
        }

        return model;
    }

    internal static Vector Theta(ScriptModel model, int seed)
    {
        double[] values = VectorNumbers.Numbers(seed, (int)model.ParameterCount);
        return Vector.From(values, model.ElementType, model.Device);
    }

    internal static Samples Vectors(ElementType type = ElementType.Float64) =>
        Derivatives.Samples.Classification(
            VectorNumbers.Numbers(21, Samples * 6),
            [Samples, 6],
            Labels(),
            type,
            Device.Cpu
        );

    internal static Samples Images(ElementType type = ElementType.Float64) =>
        Derivatives.Samples.Classification(
            VectorNumbers.Numbers(22, Samples * 36),
            [Samples, 1, 6, 6],
            Labels(),
            type,
            Device.Cpu
        );

    internal static Samples Targets() =>
        Derivatives.Samples.Regression(
            VectorNumbers.Numbers(21, Samples * 6),
            [Samples, 6],
            VectorNumbers.Numbers(23, Samples * Classes),
            Classes,
            ElementType.Float64,
            Device.Cpu
        );

    internal static long[] Labels() => [.. Enumerable.Range(0, Samples).Select(i => (long)(i * 7 % Classes))];

    internal static Vector Random(Linearization at, int seed)
    {
        var v = Vector.Zeros(at.ParameterCount, at.ElementType, at.Device);
        v.FillNormal(seed);
        return v;
    }
}
