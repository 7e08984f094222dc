namespace CurvatureMonitor.Derivatives.TorchScript.Syntax;

/// <summary>An expression of TorchScript as written.</summary>
/// <param name="Place">Where it begins.</param>
internal abstract record Expression(SourcePlace Place);

/// <summary>A number, a string, <c>True</c>, <c>False</c>, <c>None</c> or <c>...</c>.</summary>
internal sealed record LiteralExpression(SourcePlace Place, object? Value) : Expression(Place);

/// <summary>A name.</summary>
internal sealed record NameExpression(SourcePlace Place, string Name) : Expression(Place);

/// <summary><c>target.name</c>.</summary>
internal sealed record AttributeExpression(SourcePlace Place, Expression Target, string Name) : Expression(Place);

/// <summary><c>target[items]</c>.</summary>
internal sealed record SubscriptExpression(SourcePlace Place, Expression Target, IReadOnlyList<Expression> Items)
    : Expression(Place);

/// <summary><c>start:stop:step</c> in a subscript.</summary>
internal sealed record SliceExpression(SourcePlace Place, Expression? Start, Expression? Stop, Expression? Step)
    : Expression(Place);

/// <summary><c>target(arguments)</c>.</summary>
internal sealed record CallExpression(SourcePlace Place, Expression Target, IReadOnlyList<Argument> Arguments)
    : Expression(Place);

/// <summary>One argument of a call; the name where it is a keyword argument.</summary>
internal sealed record Argument(string? Name, Expression Value);

/// <summary><c>[a, b]</c>.</summary>
internal sealed record ListExpression(SourcePlace Place, IReadOnlyList<Expression> Items) : Expression(Place);

/// <summary><c>(a, b)</c>.</summary>
internal sealed record TupleExpression(SourcePlace Place, IReadOnlyList<Expression> Items) : Expression(Place);

/// <summary><c>{a: b}</c>.</summary>
internal sealed record DictionaryExpression(
    SourcePlace Place,
    IReadOnlyList<KeyValuePair<Expression, Expression>> Items
) : Expression(Place);

/// <summary><c>-a</c>, <c>+a</c>, <c>~a</c>, <c>not a</c>.</summary>
internal sealed record UnaryExpression(SourcePlace Place, string Operator, Expression Operand) : Expression(Place);

/// <summary>Two operands: arithmetic, a comparison, <c>is</c>, <c>in</c>, <c>and</c>, <c>or</c>.</summary>
internal sealed record BinaryExpression(SourcePlace Place, string Operator, Expression Left, Expression Right)
    : Expression(Place);

/// <summary><c>a if condition else b</c>.</summary>
internal sealed record ConditionalExpression(
    SourcePlace Place,
    Expression Condition,
    Expression Then,
    Expression Otherwise
) : Expression(Place);

/// <summary><c>[element for target in source if condition]</c>.</summary>
internal sealed record ComprehensionExpression(
    SourcePlace Place,
    Expression Element,
    Expression Target,
    Expression Source,
    Expression? Condition
) : Expression(Place);
