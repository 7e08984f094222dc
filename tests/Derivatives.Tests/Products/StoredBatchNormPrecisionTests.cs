using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.TorchScript;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Batch norm with stored statistics in single precision.</summary>
public sealed class StoredBatchNormPrecisionTests
{
    [Fact]
    public void Batch_norm_with_stored_statistics_is_libtorchs_in_float32()
    {
        const string Model = """
            def forward(self, x: Tensor) -> Tensor:
                n = {0}
                return torch.linear(torch.mean(n, [2, 3]), self.v)
            """;
        string ours = Model.Replace(
            "{0}",
            "torch.batch_norm(x, self.g, self.s, self.mean, self.variance, False, 0.1, 1e-05, False)",
            StringComparison.Ordinal
        );
        string written = Model.Replace(
            "{0}",
            "(x - torch.reshape(self.mean, [1, 4, 1, 1])) / torch.sqrt(torch.reshape(self.variance, [1, 4, 1, 1]) + "
                + "1e-05) * torch.reshape(self.g, [1, 4, 1, 1]) + torch.reshape(self.s, [1, 4, 1, 1])",
            StringComparison.Ordinal
        );
        Assert.Equal(LossAndGradient(written), LossAndGradient(ours), (a, b) => Math.Abs(a - b) < 1e-6);

        static double[] LossAndGradient(string source)
        {
            using var model = ScriptModel.Define(
                new ScriptModelSource(
                    "bn",
                    source,
                    [new("g", [4]), new("s", [4]), new("v", [3, 4])],
                    [new("mean", [4]), new("variance", [4])]
                ),
                ElementType.Float32,
                Device.Cpu
            );
            using var buffers = Vector.From([0.3, -0.2, 0.1, 0, 1.5, 0.7, 1, 0.2], ElementType.Float32, Device.Cpu);
            model.SetBuffers(buffers);
            using var samples = Samples.Classification(
                VectorNumbers.Numbers(2, 5 * 4 * 49),
                [5, 4, 7, 7],
                [0L, 1, 2, 0, 1],
                ElementType.Float32,
                Device.Cpu
            );
            using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 5);
            using var theta = TinyModels.Theta(model, 4);
            using var gradient = theta.ZerosLike();
            double loss = objective.Gradient(theta, gradient);
            return [loss, .. gradient.ToArray()];
        }
    }
}
