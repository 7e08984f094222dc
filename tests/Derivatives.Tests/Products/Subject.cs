using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.TorchScript;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>
/// A network of two convolutions, the second with a bias and a smooth nonlinearity between them, on six samples of
/// 4 channels.
/// </summary>
internal sealed class Subject : ModelOnSamples
{
    private const int Count = 6;

    internal Subject(string name, int dimensions, string convolution, long[] weight, string normalise = "h")
        : base(Model(name, dimensions, convolution, weight, normalise), Images(dimensions), BatchNormMode.Eval, 4) =>
        Theta.Scale(0.3);

    private static ScriptModel Model(string name, int dimensions, string convolution, long[] weight, string normalise)
    {
        bool transposed =
            convolution.Contains("transpose", StringComparison.Ordinal)
            || convolution.Contains("True", StringComparison.Ordinal);
        int groups =
            name.Contains("groups", StringComparison.Ordinal) || name is "general transposed" or "3-d transposed"
                ? 2
                : 1;
        long channels = transposed ? weight[1] * groups : weight[0];
        string ones = string.Join(", ", Enumerable.Repeat("1", dimensions));
        string zeros = string.Join(", ", Enumerable.Repeat("0", dimensions));

        // The second convolution makes the first one's input gradient, and its own derivatives in x, part of the
        // Hessian.
        string source = $"""
            def forward(self, x: Tensor) -> Tensor:
                h = {convolution}
                h = torch.softplus(h)
                h = torch.conv{dimensions}d(h, self.second, self.shift, [{ones}], [{zeros}], [{ones}], 1)
                h = {normalise}
                h = torch.tanh(h)
                if h.dim() > 2:
                    h = torch.sum(torch.flatten(h, 2), [2])
                return torch.linear(h, self.last)
            """;
        List<TensorSpec> parameters =
        [
            new("w", weight),
            new("b", [channels]),
            new("second", [6, channels, .. Enumerable.Repeat(2L, dimensions)]),
            new("shift", [6]),
            new("g", [6]),
            new("s", [6]),
            new("last", [3, 6]),
        ];
        var model = ScriptModel.Define(
            new ScriptModelSource("subject", source, parameters, [new("mean", [6]), new("variance", [6])]),
            ElementType.Float64,
            Device.Cpu
        );
        using var buffers = Vector.From(
            [0.3, -0.2, 0.1, 0, 0.5, -1, 1.5, 0.7, 1, 0.2, 2, 0.9],
            ElementType.Float64,
            Device.Cpu
        );
        model.SetBuffers(buffers);
        return model;
    }

    private static Samples Images(int dimensions)
    {
        long[] image = [4, .. Enumerable.Repeat(dimensions == 3 ? 4L : 7L, dimensions)];
        return Samples.Classification(
            VectorNumbers.Numbers(3, Count * (int)image.Aggregate(1L, (product, size) => product * size)),
            [Count, .. image],
            [0L, 1, 2, 0, 1, 2],
            ElementType.Float64,
            Device.Cpu
        );
    }
}
