using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Derivatives.Tests.TorchScript.Syntax;

/// <summary>Properties of the parser.</summary>
public sealed class ParserPropertyTests
{
    private static readonly string[] Words =
    [
        "def", "class", "if", "else", "elif", "while", "for", "in", "return", "pass", "x", "self", "1", "2.5", "1e400",
        "\"a\"", "'", "\"\"\"", "\\", "(", ")", "[", "]", "{", "}", ":", ",", ".", "=", "+=", "==", "+", "-", "not",
        "is", "lambda", "with", "\n", "\n  ", "\n    ", "\n\t", "#", "...", "->", "@", "~", "$", "\u00e9",
        "99999999999999999999",
    ];

    [Fact]
    public void Written_expressions_read_as_the_same_tree() =>
        Prop.ForAll(
            ExpressionGenerator.All,
            expression =>
            {
                string text = SyntaxPrinter.Print(expression);
                return SyntaxPrinter.Print(StatementParser.ReadExpression(text)) == text;
            }
        )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Random_words_are_read_or_refused_with_a_place() =>
        Prop.ForAll(Gen.Elements(Words).ListOf().ToArbitrary(), words => ReadsOrRefuses(string.Join(' ', words)))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Random_text_is_read_or_refused_with_a_place() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<string>().Filter(text => text is not null),
            text => ReadsOrRefuses(text)
        )
            .QuickCheckThrowOnFailure();

    private static bool ReadsOrRefuses(string text)
    {
        try
        {
            StatementParser.Read("file", text);
            return true;
        }
        catch (DerivativeException exception)
        {
            return exception.Message.StartsWith("file, line ", StringComparison.Ordinal)
                && !exception.Message.Contains('\n', StringComparison.Ordinal);
        }
    }
}
