using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Tests.TorchScript.Syntax;
using CurvatureMonitor.Derivatives.TorchScript.Execution;
using FsCheck;
using FsCheck.Fluent;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Tests.TorchScript.Language;

/// <summary>Programs that make no sense are refused, and the process continues.</summary>
public sealed class RandomProgramTests
{
    private static readonly ScriptLimits Limits = new(MaxSteps: 1000, MaxBytes: 1 << 16);

    private static readonly string[] Operations =
    [
        "add", "conv2d", "view", "cat", "sum", "index", "batch_norm", "lstm", "embedding", "zeros", "to", "einsum",
        "max_pool2d", "scaled_dot_product_attention", "where", "slice", "permute", "append", "format", "len",
        "floordiv",
    ];

    [Fact]
    public void Random_expressions_run_or_are_refused() =>
        Prop.ForAll(ExpressionGenerator.All, expression => RunsOrIsRefused($"return {SyntaxPrinter.Print(expression)}"))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Operations_of_random_values_run_or_are_refused()
    {
        var values = Gen.Elements(
            "x", "self.w", "1", "0", "-1", "2.5", "True", "None", "\"a\"", "[]", "[1, 2]", "[x]", "[x, self.w]",
            "(1, x)", "[None, x]", "[[1], [2]]", "torch.device(\"cpu\")", "range(3)", "{}", "...", "x.dtype", "{1: x}"
        );
        var calls =
            from name in Gen.Elements(Operations)
            from given in values.ListOf()
            select $"return torch.{name}({string.Join(", ", given.Take(9))})";
        Prop.ForAll(calls.ToArbitrary(), RunsOrIsRefused).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    private static bool RunsOrIsRefused(string body)
    {
        using var scope = NewDisposeScope();
        try
        {
            Script.Run(body, Limits);
        }
        catch (DerivativeException exception)
        {
            return !exception.Message.Contains('\n', StringComparison.Ordinal);
        }

        return true;
    }
}
