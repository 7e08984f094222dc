using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.TorchScript;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Models that cannot be had.</summary>
public sealed class ScriptModelRefusalTests
{
    [Fact]
    public void Text_that_does_not_compile_is_refused_in_one_line()
    {
        var source = new ScriptModelSource(
            "broken",
            "def forward(self, x: Tensor) -> Tensor:\n    return torch.no_such_thing(x)\n",
            [new("w", [1])],
            []
        );
        var exception = Assert.Throws<DerivativeException>(() =>
            ScriptModel.Define(source, ElementType.Float32, Device.Cpu)
        );
        Assert.DoesNotContain('\n', exception.Message);
        Assert.NotEmpty(exception.Message);
    }

    [Fact]
    public void A_missing_or_foreign_file_is_refused_in_one_line()
    {
        var missing = Assert.Throws<DerivativeException>(() =>
            ScriptModel.Load("/no/such/model.pt", ElementType.Float32, Device.Cpu)
        );
        Assert.Equal("/no/such/model.pt: no such file", missing.Message);

        string path = Path.GetTempFileName();
        File.WriteAllText(path, "this is no TorchScript module");
        var foreign = Assert.Throws<DerivativeException>(() => ScriptModel.Load(path, ElementType.Float32, Device.Cpu));
        File.Delete(path);
        Assert.DoesNotContain('\n', foreign.Message);
    }
}
