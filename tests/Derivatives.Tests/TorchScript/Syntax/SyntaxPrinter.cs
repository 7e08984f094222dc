using System.Globalization;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.Tests.TorchScript.Syntax;

/// <summary>Writes expressions with every bracket, so that what is read again is the same tree.</summary>
internal static class SyntaxPrinter
{
    internal static string Print(Expression expression) =>
        expression switch
        {
            LiteralExpression e => Literal(e.Value),
            NameExpression e => e.Name,
            AttributeExpression e => $"({Print(e.Target)}).{e.Name}",
            SubscriptExpression e => $"({Print(e.Target)})[{List(e.Items)}]",
            SliceExpression e => $"{Optional(e.Start)}:{Optional(e.Stop)}:{Optional(e.Step)}",
            CallExpression e => $"({Print(e.Target)})({string.Join(", ", e.Arguments.Select(Print))})",
            ListExpression e => $"[{List(e.Items)}]",
            TupleExpression { Items: [var only] } => $"({Print(only)},)",
            TupleExpression e => $"({List(e.Items)})",
            UnaryExpression e => $"({e.Operator} {Print(e.Operand)})",
            BinaryExpression e => $"({Print(e.Left)} {e.Operator} {Print(e.Right)})",
            ConditionalExpression e => $"({Print(e.Then)} if {Print(e.Condition)} else {Print(e.Otherwise)})",
            ComprehensionExpression e => $"[{Print(e.Element)} for {Print(e.Target)} in {Print(e.Source)}]",
            DictionaryExpression e =>
                $"{{{string.Join(", ", e.Items.Select(item => $"{Print(item.Key)}: {Print(item.Value)}"))}}}",
            _ => throw new ArgumentException(expression.GetType().Name, nameof(expression)),
        };

    private static string Print(Argument argument) =>
        argument.Name is null ? Print(argument.Value) : $"{argument.Name}={Print(argument.Value)}";

    private static string List(IEnumerable<Expression> items) => string.Join(", ", items.Select(Print));

    private static string Optional(Expression? expression) => expression is null ? "" : Print(expression);

    private static string Literal(object? value) =>
        value switch
        {
            null => "None",
            true => "True",
            false => "False",
            Ellipsis => "...",
            string text => TextLiteral.Write(text),
            double real => real.ToString("E16", CultureInfo.InvariantCulture),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
}
