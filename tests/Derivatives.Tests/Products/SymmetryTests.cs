using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.TorchScript;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Device = CurvatureMonitor.Contracts.Models.Device;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>
/// The second derivative of libtorch's <c>_weight_norm</c> is wrong: scripts get a right one, and a module that calls
/// libtorch's gets finite differences that say so.
/// </summary>
public sealed class SymmetryTests
{
    private const int Samples = 7;
    private const int Inputs = 4;
    private const int Classes = 5;

    [Theory]
    [InlineData(0, Classes, 1)]
    [InlineData(1, 1, Inputs)]
    [InlineData(-1, 1, 1)]
    public void A_script_with_a_weight_norm_has_exact_products(int dimension, int rows, int columns)
    {
        var source = new ScriptModelSource(
            "normed",
            $"""
            def forward(self, x: Tensor) -> Tensor:
                return torch.tanh(torch.linear(x, torch._weight_norm(self.v, self.g, {dimension})))
            """,
            [new("v", [Classes, Inputs]), new("g", [rows, columns])],
            []
        );
        using var model = ScriptModel.Define(source, ElementType.Float64, Device.Cpu);
        var degradation = ProductIsThatOfDifferences(model);
        Assert.Null(degradation);
    }

    [Theory]
    [InlineData("")]
    [InlineData("    for i in range(20):\n        x = torch.sin(torch.add(x, torch.mean(self.v)))\n")]
    public void A_script_with_a_wrong_second_derivative_is_told_the_operation(string before)
    {
        // The operation under the one that scripts are given another for.
        var source = new ScriptModelSource(
            "normed",
            $"""
            def forward(self, x: Tensor) -> Tensor:
            {before}    v = torch.tanh(self.v)
                w, norms = torch._weight_norm_interface(v, self.g, 0)
                z = torch.linear(x, w)
                return torch.tanh(torch.add(z, torch.relu(z)))
            """,
            [new("v", [Classes, Inputs]), new("g", [Classes, 1])],
            []
        );
        using var model = ScriptModel.Define(source, ElementType.Float64, Device.Cpu);
        var degradation = ProductIsThatOfDifferences(model);
        Assert.Contains("not symmetric", degradation!.FiniteDifferences, StringComparison.Ordinal);
        const string told = ": _weight_norm_interface (normed, line ";
        Assert.Contains(told, degradation.FiniteDifferences, StringComparison.Ordinal);
    }

    [Fact]
    public void A_module_with_a_wrong_second_derivative_gets_finite_differences_that_say_so()
    {
        using var unit = jit.compile("def normed(v: Tensor, g: Tensor):\n    return torch._weight_norm(v, g, 0)\n");
        using var model = ModuleModel.Of(() => new Normed(unit), ElementType.Float64, Device.Cpu);
        var degradation = ProductIsThatOfDifferences(model);
        Assert.Contains("not symmetric", degradation!.FiniteDifferences, StringComparison.Ordinal);
    }

    private static Contracts.Measurements.Degradation? ProductIsThatOfDifferences(Model model)
    {
        using var samples = WaveSamples.Of(Samples, Inputs, Classes);
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 3);
        using var theta = Vector.Zeros(objective.ParameterCount, ElementType.Float64, Device.Cpu);
        theta.FillNormal(3);
        using var v = theta.ZerosLike();
        v.FillNormal(4);
        using var product = theta.ZerosLike();
        using var linearization = new Linearization(objective, theta);
        linearization.HessianProduct(v, product);
        Differences.AssertClose(Differences.HessianProduct(objective, theta, v), product, 1e-6);
        return linearization.Degradation;
    }

    private sealed class Normed : nn.Module<Tensor, Tensor>
    {
        private readonly jit.CompilationUnit _unit;
        private readonly Parameter _v = nn.Parameter(ones(Classes, Inputs));
        private readonly Parameter _g = nn.Parameter(ones(Classes, 1));

        internal Normed(jit.CompilationUnit unit)
            : base("normed")
        {
            _unit = unit;
            RegisterComponents();
        }

        public override Tensor forward(Tensor x) =>
            nn.functional.linear(x, (Tensor)_unit.invoke("normed", _v, _g)).tanh();
    }
}
