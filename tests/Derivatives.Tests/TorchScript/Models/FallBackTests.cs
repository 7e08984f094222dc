using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Errors;
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
    public void Weights_that_a_list_holds_too_are_refused_since_libtorchs_would_keep_those_of_the_file()
    {
        string code = Code.Replace("  w : Tensor\n", "  w : Tensor\n  held : List[Tensor]\n", StringComparison.Ordinal)
            .Replace("self.w)", "(self.held)[0])", StringComparison.Ordinal);
        string path = Write(code, w => [("w", w), ("held", new List<object?> { w })]);
        var refused = Assert.Throws<DerivativeException>(() =>
            ScriptModel.Load(path, ElementType.Float64, Device.Cpu)
        );
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        Assert.EndsWith("no way out: held[0] would keep the file's w", refused.Message, StringComparison.Ordinal);
        Assert.Equal(DerivativeErrorKind.UnsupportedOperation, refused.Kind);
    }

    [Fact]
    public void Measurements_say_who_ran_the_model()
    {
        string path = Write(Code, w => [("w", w)]);

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

    private static string Write(string code, Func<Tensor, (string Name, object? Value)[]> attributes)
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("fall-back-").FullName, "model.pt");
        using var w = linspace(-1, 1, 12, float64);
        using var shaped = w.reshape(4, 3);
        var root = HandMade.Object("M", [.. attributes(shaped), ("training", false)]);
        HandMade.Write(path, code, root);
        return path;
    }
}
