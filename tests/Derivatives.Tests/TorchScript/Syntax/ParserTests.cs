using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.Tests.TorchScript.Syntax;

/// <summary>Precedence, places of errors, and bounds of the parser.</summary>
public sealed class ParserTests
{
    [Theory]
    [InlineData("a + b * c ** -d", "(a + (b * (c ** (- d))))")]
    [InlineData("-a ** b", "(- (a ** b))")]
    [InlineData("a - b - c", "((a - b) - c)")]
    [InlineData("not a == b and c or d", "(((not (a == b)) and c) or d)")]
    [InlineData("a if b else c if d else e", "(a if b else (c if d else e))")]
    [InlineData("a not in b is not c", null)]
    [InlineData("x[0, 1:, ::2, ..., None]", "(x)[0, 1::, ::2, ..., None]")]
    [InlineData("(a,)", "(a,)")]
    [InlineData("f(x, )", "(f)(x)")]
    [InlineData("-1", "-1")]
    [InlineData("-1.5", "-1.5000000000000000E+000")]
    [InlineData("\"a\\n\\x41\\101\" 'b'", "\"a\\nAAb\"")]
    [InlineData("-9223372036854775808", "-9223372036854775808")]
    public void Expressions_bind_as_in_Python(string text, string? expected)
    {
        if (expected is null)
        {
            Assert.Throws<DerivativeException>(() => StatementParser.ReadExpression(text));
        }
        else
        {
            Assert.Equal(expected, SyntaxPrinter.Print(StatementParser.ReadExpression(text)));
        }
    }

    [Theory]
    [InlineData("x = (1 +\n", "file, line 2, column 1")]
    [InlineData("x = 1\n  y = 2\n", "file, line 2, column 3")]
    [InlineData("def f(x):\n  return x $ 2\n", "file, line 2, column 12")]
    [InlineData("with torch.no_grad():\n  pass\n", "file, line 1, column 1: 'with' is not supported")]
    [InlineData("x = \"abc\ny = 1", "file, line 1, column 5: a string has no end")]
    [InlineData("f() = 3", "file, line 1, column 1: this can take no value")]
    public void Errors_name_line_and_column(string text, string expected)
    {
        var thrown = Assert.Throws<DerivativeException>(() => StatementParser.Read("file", text));
        Assert.StartsWith(expected, thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(")]
    [InlineData("-")]
    [InlineData("not ")]
    [InlineData("a[")]
    [InlineData("f(")]
    [InlineData("1 + ")]
    [InlineData("a ** ")]
    [InlineData("a if b else ")]
    public void A_text_that_nests_without_end_is_refused(string part)
    {
        string text = string.Concat(Enumerable.Repeat(part, 100_000));
        Assert.Throws<DerivativeException>(() => StatementParser.Read("file", text));
    }

    [Fact]
    public void Blocks_that_nest_without_end_are_refused()
    {
        var lines = Enumerable.Range(0, 5_000).Select(i => new string(' ', i) + "if x:");
        Assert.Throws<DerivativeException>(() => StatementParser.Read("file", string.Join('\n', lines)));
    }
}
