using CurvatureMonitor.Derivatives.Passes;
using CurvatureMonitor.Derivatives.TorchScript;
using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Programs;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Tests.TorchScript.Language;

/// <summary>A function of x [3, 4] and w [4, 4], run by the interpreter and by libtorch.</summary>
internal static class Script
{
    internal static Tensor Input() => arange(12, float64).reshape(3, 4) / 7 - 0.6;

    internal static Tensor Weight() => (arange(16, float64).reshape(4, 4) * 0.7).sin();

    /// <summary>The function's lines, joined under its head.</summary>
    internal static string Text(string head, string body) =>
        head + "\n" + string.Join('\n', body.Split('\n').Select(line => "    " + line)) + "\n";

    internal static ScriptProgram Program(string body, ScriptLimits? limits = null) =>
        DefinedModule.Define(
            new ScriptModelSource("M", Text("def forward(self, x: Tensor) -> Tensor:", body), [new("w", [4, 4])], []),
            limits
        );

    /// <summary>The interpreter's result.</summary>
    internal static Tensor Run(string body, ScriptLimits? limits = null)
    {
        using var program = Program(body, limits);
        return program.Run([Weight()], [], [Input()], BatchNormUse.Stored);
    }

    /// <summary>libtorch's result of the same text.</summary>
    internal static Tensor Reference(string body)
    {
        string text = Text("def f(x: Tensor, w: Tensor):", body.Replace("self.w", "w", StringComparison.Ordinal));
        using var unit = jit.compile(text);
        return (Tensor)unit.invoke("f", Input(), Weight());
    }

    /// <summary>Both agree to rounding.</summary>
    internal static void Agrees(string body)
    {
        using var scope = NewDisposeScope();
        CurvatureMonitor.Derivatives.Devices.LibTorch.Prepare();
        Tensor expected = Reference(body),
            found = Run(body);
        Assert.Equal(expected.shape, found.shape);
        Assert.Equal(expected.dtype, found.dtype);
        double distance = (expected.to(float64) - found.to(float64)).abs().max().item<double>();
        Assert.True(distance < 1e-12, $"the results differ by {distance}");
    }
}
