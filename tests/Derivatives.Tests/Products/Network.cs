using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.TorchScript;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>
/// A convolution, the body under test, and a linear read-out of the features' sums over six samples.
/// </summary>
internal sealed class Network(string body, ElementType type)
    : ModelOnSamples(Model(body, type), Images(type), BatchNormMode.Eval, 4)
{
    private const int Count = 6;

    private static ScriptModel Model(string body, ElementType type)
    {
        string source = $"""
            def forward(self, x: Tensor) -> Tensor:
                h = torch.conv2d(x, self.first, self.shift, [1, 1], [1, 1], [1, 1], 1)
                {body}
                if h.dim() > 2:
                    h = torch.flatten(torch.conv2d(h, self.second, None, [1, 1], [1, 1], [1, 1], 1), 2)
                    h = torch.tanh(torch.sum(h, [2]))
                return torch.mm(h, self.last)
            """;
        List<TensorSpec> parameters =
        [
            new("first", [4, 2, 3, 3]),
            new("shift", [4]),
            new("second", [5, 4, 3, 3]),
            new("wide", [5, 288]),
            new("wide_bias", [5]),
            new("row", [7, 8]),
            new("row_bias", [7]),
            new("last", [5, 3]),
        ];
        return ScriptModel.Define(new ScriptModelSource("network", source, parameters, []), type, Device.Cpu);
    }

    private static Samples Images(ElementType type) =>
        Samples.Classification(
            VectorNumbers.Numbers(3, Count * 2 * 9 * 8),
            [Count, 2, 9, 8],
            [0L, 1, 2, 0, 1, 2],
            type,
            Device.Cpu
        );
}
