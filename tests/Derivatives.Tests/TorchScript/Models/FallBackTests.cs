using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.TorchScript;
using CurvatureMonitor.Derivatives.TorchScript.Archives;
using static TorchSharp.torch;
using Device = CurvatureMonitor.Contracts.Models.Device;

namespace CurvatureMonitor.Derivatives.Tests.TorchScript.Models;

/// <summary>A file whose code has what the interpreter does not know is run by libtorch's, and measurements say so.
/// </summary>
public sealed class FallBackTests
{
    private const string Code =
        HandMade.Guard
        + """
        class M(Module):
          __parameters__ = ["w", ]
          __buffers__ = []
          w : Tensor
          training : bool
          def forward(self: __torch__.M, x: Tensor) -> Tensor:
            guard = __torch__.Guard.__new__(__torch__.Guard)
            _0 = (guard).__init__()
            with guard:
              y = torch.tanh(torch.matmul(x, self.w))
            return y

        """;

    [Fact]
    public void Measurements_say_who_ran_the_model()
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("fall-back-").FullName, "model.pt");
        using (var w = linspace(-1, 1, 12, float64))
        using (var shaped = w.reshape(4, 3))
        {
            var root = HandMade.Object("M", ("w", shaped), ("training", false));
            var code = new Dictionary<string, string> { ["__torch__"] = Code };
            using var archive = new ScriptArchive(root, code, [], []);
            ScriptArchiveWriter.Write(archive, path);
        }

        using var model = ScriptModel.Load(path, ElementType.Float64, Device.Cpu);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        using var samples = Derivatives.Samples.Classification(
            [1f, 0f, 0.5f, 2f, -1f, 0.3f, 0.1f, 0.7f],
            [2, 4],
            [0L, 2L],
            ElementType.Float64,
            Device.Cpu
        );
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 2);
        using var theta = Vector.Zeros(objective.ParameterCount, ElementType.Float64, Device.Cpu);
        model.GetParameters(theta);
        using var linearization = new Linearization(objective, theta);
        Assert.Contains("'with' is not supported", linearization.Degradation!.FallBack, StringComparison.Ordinal);
        Assert.Contains("libtorch's own interpreter", linearization.Degradation.ToString(), StringComparison.Ordinal);
        using var v = theta.ZerosLike();
        v.FillNormal(1);
        using var product = theta.ZerosLike();
        linearization.HessianProduct(v, product);
        Products.Differences.AssertClose(Products.Differences.HessianProduct(objective, theta, v), product, 1e-6);
    }

    [Fact]
    public void A_program_that_reads_parameters_from_a_list_is_refused()
    {
        // libtorch's would go on with the file's numbers in the list, whatever the checkpoint has.
        string path = Path.Combine(Directory.CreateTempSubdirectory("fall-back-").FullName, "model.pt");
        using (var w = linspace(-1, 1, 12, float64))
        using (var shaped = w.reshape(4, 3))
        {
            var root = HandMade.Object("M", ("w", shaped), ("training", false), ("all", new List<object?> { shaped }));
            string text = Code
                .Replace("training : bool", "training : bool\n  all : List[Tensor]", StringComparison.Ordinal)
                .Replace("self.w", "(self.all)[0]", StringComparison.Ordinal);
            using var archive = new ScriptArchive(
                root,
                new Dictionary<string, string> { ["__torch__"] = text },
                [],
                []
            );
            ScriptArchiveWriter.Write(archive, path);
        }

        var refused = Assert.Throws<DerivativeException>(() =>
            ScriptModel.Load(path, ElementType.Float64, Device.Cpu)
        );
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        Assert.True(refused.IsFinal);
        Assert.Contains("the file's numbers in all", refused.Message, StringComparison.Ordinal);
    }
}
