using CurvatureMonitor.Derivatives.Programs;
using CurvatureMonitor.Derivatives.TorchScript;
using CurvatureMonitor.Derivatives.TorchScript.Archives;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Tests.TorchScript.Archives;

/// <summary>Models as text, in the forms in which this project writes them.</summary>
internal static class BuiltModels
{
    /// <summary>Convolution, batch norm, pools, a residual sum, modules named by numbers.</summary>
    internal static ScriptModelSource Residual { get; } =
        new(
            "cnn-bn",
            """
            def forward(self, x: Tensor) -> Tensor:
                x1 = torch.conv2d(x, self.conv1.weight, None, [1, 1], [1, 1], [1, 1], 1)
                x2 = torch.batch_norm(x1, self.bn1.weight, self.bn1.bias, self.bn1.running_mean,
                                      self.bn1.running_var, False, 0.1, 1e-05, False)
                x3 = torch.relu(x2)
                x4 = torch.conv2d(x3, getattr(self.layer1, "0").conv.weight, getattr(self.layer1, "0").conv.bias,
                                  [1, 1], [1, 1], [1, 1], 1)
                x5 = x4 + x3
                x6 = torch.max_pool2d(x5, [2, 2], [2, 2], [0, 0], [1, 1], False)
                x7 = torch.mean(x6, [2, 3])
                x8 = torch.flatten(x7, 1, -1)
                x9 = torch.tanh(torch.linear(x8, self.fc.weight, self.fc.bias))
                return x9

            """,
            [
                new("conv1.weight", [4, 1, 3, 3]),
                new("bn1.weight", [4]),
                new("bn1.bias", [4]),
                new("layer1.0.conv.weight", [4, 4, 3, 3]),
                new("layer1.0.conv.bias", [4]),
                new("fc.weight", [3, 4]),
                new("fc.bias", [3]),
            ],
            [new("bn1.running_mean", [4]), new("bn1.running_var", [4])]
        );

    /// <summary>Default arguments, nested calls, no final newline, a parameter on the model itself.</summary>
    internal static ScriptModelSource Terse { get; } =
        new(
            "2 terse",
            """
            def forward(self, x: Tensor) -> Tensor:
                # The first layer has no bias.
                h = torch.softplus(torch.conv2d(x, self.conv.weight,
                                                self.conv.bias))
                h = torch.avg_pool2d(h, [2, 2])

                return torch.linear(torch.flatten(h, 1), self.fc_weight) * 2 + self.scale
            """,
            [new("conv.weight", [2, 1, 3, 3]), new("conv.bias", [2]), new("fc_weight", [3, 18]), new("scale", [1])],
            []
        );

    /// <summary>An archive with pseudo-random tensors.</summary>
    internal static ScriptArchive Build(ScriptModelSource source, ScalarType type = ScalarType.Float64)
    {
        using var scope = NewDisposeScope();
        return ScriptModelArchive.Build(source, [.. Fill(source.Parameters, type)], [.. Fill(source.Buffers, type)]);
    }

    /// <summary>x [2, 1, 8, 8].</summary>
    internal static Tensor Images(ScalarType type = ScalarType.Float64) => Fill([2, 1, 8, 8], 0.3, type);

    internal static byte[] Bytes(ScriptArchive archive)
    {
        using var stream = new MemoryStream();
        ScriptArchiveWriter.Write(archive, stream);
        return stream.ToArray();
    }

    private static IEnumerable<Tensor> Fill(IReadOnlyList<TensorSpec> specs, ScalarType type) =>
        specs.Select((spec, i) => Fill(spec.Shape, 0.7 + i, type));

    private static Tensor Fill(IReadOnlyList<long> shape, double start, ScalarType type)
    {
        long count = shape.Aggregate(1L, (product, size) => product * size);
        return (arange(count, float64) * 0.37 + start).sin().square().add(0.1).view([.. shape]).to(type);
    }
}
