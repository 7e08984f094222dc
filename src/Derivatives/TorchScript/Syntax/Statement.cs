namespace CurvatureMonitor.Derivatives.TorchScript.Syntax;

/// <summary>A statement of TorchScript as written.</summary>
/// <param name="Place">Where it begins.</param>
internal abstract record Statement(SourcePlace Place);

/// <summary>An expression for its effect.</summary>
internal sealed record ExpressionStatement(SourcePlace Place, Expression Value) : Statement(Place);

/// <summary><c>a = b = value</c>.</summary>
internal sealed record AssignStatement(SourcePlace Place, IReadOnlyList<Expression> Targets, Expression Value)
    : Statement(Place);

/// <summary><c>a += value</c>; the operator without its equals sign.</summary>
internal sealed record AugmentedStatement(SourcePlace Place, Expression Target, string Operator, Expression Value)
    : Statement(Place);

/// <summary><c>a : type</c> or <c>a : type = value</c>.</summary>
internal sealed record AnnotatedStatement(SourcePlace Place, Expression Target, Expression Type, Expression? Value)
    : Statement(Place);

/// <summary><c>if condition: … else: …</c>.</summary>
internal sealed record IfStatement(
    SourcePlace Place,
    Expression Condition,
    IReadOnlyList<Statement> Then,
    IReadOnlyList<Statement> Otherwise
) : Statement(Place);

/// <summary><c>while condition: …</c>.</summary>
internal sealed record WhileStatement(SourcePlace Place, Expression Condition, IReadOnlyList<Statement> Body)
    : Statement(Place);

/// <summary><c>for target in source: …</c>.</summary>
internal sealed record ForStatement(
    SourcePlace Place,
    Expression Target,
    Expression Source,
    IReadOnlyList<Statement> Body
) : Statement(Place);

/// <summary><c>with item as target: …</c>; the target is null where nothing takes the item.</summary>
internal sealed record WithStatement(
    SourcePlace Place,
    IReadOnlyList<(Expression Item, Expression? Target)> Items,
    IReadOnlyList<Statement> Body
) : Statement(Place);

/// <summary><c>return value</c>.</summary>
internal sealed record ReturnStatement(SourcePlace Place, Expression? Value) : Statement(Place);

/// <summary><c>raise value</c>.</summary>
internal sealed record RaiseStatement(SourcePlace Place, Expression? Value) : Statement(Place);

/// <summary><c>assert condition, message</c>.</summary>
internal sealed record AssertStatement(SourcePlace Place, Expression Condition, Expression? Message)
    : Statement(Place);

/// <summary><c>pass</c>.</summary>
internal sealed record PassStatement(SourcePlace Place) : Statement(Place);

/// <summary><c>break</c>.</summary>
internal sealed record BreakStatement(SourcePlace Place) : Statement(Place);

/// <summary><c>continue</c>.</summary>
internal sealed record ContinueStatement(SourcePlace Place) : Statement(Place);

/// <summary><c>def name(parameters): …</c>.</summary>
internal sealed record FunctionStatement(
    SourcePlace Place,
    string Name,
    IReadOnlyList<ParameterSyntax> Parameters,
    IReadOnlyList<Statement> Body
) : Statement(Place);

/// <summary>One parameter of a function.</summary>
internal sealed record ParameterSyntax(string Name, Expression? Default);

/// <summary><c>class name(parent): …</c>.</summary>
internal sealed record ClassStatement(SourcePlace Place, string Name, string? Base, IReadOnlyList<Statement> Body)
    : Statement(Place);
