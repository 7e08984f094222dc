using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Passes;
using CurvatureMonitor.Derivatives.TorchScript;
using CurvatureMonitor.Derivatives.TorchScript.Execution;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Tests.TorchScript.Language;

/// <summary>Programs that would not end, or not stop growing, are stopped; failures name operation and place.</summary>
public sealed class LimitTests
{
    [Theory]
    [InlineData("while True:\n    pass\nreturn x")]
    [InlineData("i = 0\nwhile i >= 0:\n    i += 1\nreturn x")]
    [InlineData("for i in range(1000000000000):\n    pass\nreturn x")]
    public void A_loop_without_end_is_stopped(string body)
    {
        var thrown = Fails(body, new ScriptLimits(MaxSteps: 10_000));
        Assert.Contains("more than 10000 steps", thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a = [1]\nwhile True:\n    a += a\nreturn x")]
    [InlineData("a = [1]\nwhile True:\n    a.append(1)\nreturn x")]
    [InlineData("a = [1] * 1000000000000\nreturn x")]
    [InlineData("s = \"a\"\nwhile True:\n    s = s + s\nreturn x")]
    [InlineData("s = \"a\" * 9000000000\nreturn x")]
    [InlineData("a = [i for i in range(1000000000)]\nreturn x")]
    public void Lists_and_strings_that_grow_without_end_are_stopped(string body)
    {
        var thrown = Fails(body, new ScriptLimits(MaxBytes: 1 << 20));
        Assert.Equal(DerivativeErrorKind.OutOfMemory, thrown.Kind);
    }

    [Fact]
    public void A_recursion_without_end_is_stopped()
    {
        const string Text = """
            def forward(self, x: Tensor) -> Tensor:
                return self.forward(x)
            """;
        using var program = CurvatureMonitor.Derivatives.TorchScript.Programs.DefinedModule.Define(
            new ScriptModelSource("M", Text, [], [])
        );
        using var scope = NewDisposeScope();
        var thrown = Assert.Throws<DerivativeException>(() => program.Run([], [], [ones(2)], BatchNormUse.Stored));
        Assert.Contains("too deeply", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_deadline_that_is_over_stops_the_program()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        var thrown = Fails("while True:\n    pass\nreturn x", new ScriptLimits(Deadline: source.Token));
        Assert.Contains("the time", thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("return torch.no_such_thing(x)", "M, line 2, column 12: no_such_thing: there is no such operation")]
    [InlineData("return torch.mm(x, x)", "M, line 2, column 12: mm: ")]
    [InlineData("return torch.conv2d(x, \"a\")", "M, line 2, column 12: conv2d: the operation takes no")]
    [InlineData("return y", "M, line 2, column 12: the name 'y' is not known")]
    [InlineData("a = [1]\nreturn x * a[3]", "M, line 3, column 16: element 3 of 1 does not exist")]
    [InlineData("raise ValueError(\"too\\nbad\")", "M, line 2, column 5: the model raises: too bad")]
    [InlineData("return x * (1 // 0)", "M, line 2, column 17: floordiv: an integer is divided by 0")]
    [InlineData("return self.v", "M, line 2, column 12: __torch__.M has no attribute 'v'")]
    [InlineData("return torch.from_file(\"a\")", "M, line 2, column 12: from_file: there is no such operation")]
    public void A_failure_names_its_place(string body, string message) =>
        Assert.StartsWith(message, Fails(body, null).Message, StringComparison.Ordinal);

    private static DerivativeException Fails(string body, ScriptLimits? limits)
    {
        using var scope = NewDisposeScope();
        return Assert.Throws<DerivativeException>(() => Script.Run(body, limits));
    }
}
