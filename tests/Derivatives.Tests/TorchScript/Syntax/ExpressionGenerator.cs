using CurvatureMonitor.Derivatives.TorchScript.Syntax;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Derivatives.Tests.TorchScript.Syntax;

/// <summary>Random expressions of every kind.</summary>
internal static class ExpressionGenerator
{
    private static readonly SourcePlace Here = new("test", 1, 1);

    private static readonly string[] Operators =
    [
        "+", "-", "*", "/", "//", "%", "@", "**", "&", "|", "^", "<<", ">>", "==", "!=", "<", "<=", ">", ">=", "is",
        "is not", "in", "not in", "and", "or",
    ];

    internal static Arbitrary<Expression> All => Gen.Sized(size => OfDepth(Math.Min(size / 8, 4))).ToArbitrary();

    private static Gen<Expression> OfDepth(int depth)
    {
        if (depth == 0)
        {
            return Leaf();
        }

        var parts = OfDepth(depth - 1).ListOf(3);
        var kinds = Gen.Choose(0, 12);
        return kinds.SelectMany(kind =>
            parts.SelectMany(part => Gen.Elements(Operators).Select(symbol => Make(kind, [.. part], symbol)))
        );
    }

    private static Expression Make(int kind, List<Expression> part, string symbol) =>
        kind switch
        {
            0 => new BinaryExpression(Here, symbol, part[0], part[1]),
            1 => new UnaryExpression(Here, "-", new TupleExpression(Here, [part[0]])),
            2 => new UnaryExpression(Here, "not", part[0]),
            3 => new AttributeExpression(Here, part[0], "size"),
            4 => new SubscriptExpression(Here, part[0], [part[1], part[2]]),
            5 => new SubscriptExpression(Here, part[0], [new SliceExpression(Here, part[1], null, part[2])]),
            6 => new CallExpression(Here, part[0], [new(null, part[1]), new("key", part[2])]),
            7 => new ListExpression(Here, part),
            8 => new TupleExpression(Here, part),
            9 => new ConditionalExpression(Here, part[0], part[1], part[2]),
            10 => new DictionaryExpression(Here, [new(part[0], part[1])]),
            11 => new ComprehensionExpression(Here, part[0], new NameExpression(Here, "i"), part[1], null),
            _ => part[0],
        };

    private static Gen<Expression> Leaf() =>
        Gen.OneOf(
            Gen.Elements("x", "self", "_0", "torch").Select(name => (Expression)new NameExpression(Here, name)),
            ArbMap.Default.GeneratorFor<NonNegativeInt>().Select(n => Literal((long)n.Get)),
            ArbMap.Default.GeneratorFor<NormalFloat>().Select(n => Literal(Math.Abs(n.Get))),
            ArbMap.Default.GeneratorFor<string>().Where(text => text is not null).Select(text => Literal(Ascii(text))),
            Gen.Elements<object?>(null, true, false, Ellipsis.Value).Select(Literal)
        );

    private static Expression Literal(object? value) => new LiteralExpression(Here, value);

    private static string Ascii(string text) => string.Concat(text.Where(c => c < 128));
}
