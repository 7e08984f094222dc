using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Nodes;
using CurvatureMonitor.Derivatives.TorchScript.Rewriting;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Compilation;

/// <summary>Makes the instructions of a function from its statements.</summary>
internal sealed class StatementCompiler
{
    private readonly Scope _scope;
    private readonly ExpressionCompiler _expressions;

    private StatementCompiler(Scope scope)
    {
        _scope = scope;
        _expressions = new ExpressionCompiler(scope);
    }

    /// <summary>Fills a function with its instructions.</summary>
    /// <exception cref="DerivativeException">It uses what the interpreter does not have.</exception>
    internal static void Compile(Function function, FunctionStatement syntax, string module, IProgramNames names)
    {
        var scope = new Scope(module, names, Liveness.LastReads(syntax.Body));
        var compiler = new StatementCompiler(scope);
        foreach (var parameter in syntax.Parameters)
        {
            scope.Define(parameter.Name);
        }

        function.Defaults =
        [
            .. syntax.Parameters.Select(parameter =>
                parameter.Default is { } given ? compiler._expressions.Compile(given) : null
            ),
        ];
        function.Body = compiler.Block(syntax.Body);
        function.LocalCount = scope.Count;
    }

    private Instruction[] Block(IReadOnlyList<Statement> body) =>
        [.. body.Select(Compile).OfType<Instruction>()];

    private Instruction? Compile(Statement statement)
    {
        var place = statement.Place;
        if (statement is IfStatement or WhileStatement or ForStatement)
        {
            _scope.Names.NoteBranch();
        }

        switch (statement)
        {
            case PassStatement or AnnotatedStatement { Value: null }:
                return null;
            case AssignStatement { Targets: [NameExpression name], Value: var value } when IsCallable(value):
                _scope.Alias(name.Name, _scope.Dotted(value)!);
                return null;
            case AssignStatement s:
                return Assign(place, s.Targets, s.Value);
            case AnnotatedStatement { Value: { } value, Target: var target }:
                return Assign(place, [target], value);
            case AugmentedStatement s:
                return Augment(s);
            case ExpressionStatement { Value: LiteralExpression }:
                return null;
            case ExpressionStatement s:
                return new EvaluateInstruction(_expressions.Compile(s.Value));
            case IfStatement s:
                return new IfInstruction(place, _expressions.Compile(s.Condition), Block(s.Then), Block(s.Otherwise));
            case WhileStatement s:
                return new WhileInstruction(place, _expressions.Compile(s.Condition), Block(s.Body));
            case ForStatement s:
                var source = _expressions.Compile(s.Source);
                return new ForInstruction(place, Store(s.Target), source, Block(s.Body));
            case WithStatement s:
                return With(s);
            case ReturnStatement s:
                return new ReturnInstruction(place, s.Value is null ? null : _expressions.Compile(s.Value));
            case RaiseStatement s:
                return new RaiseInstruction(place, null, Message(s.Value));
            case AssertStatement s:
                return new RaiseInstruction(place, _expressions.Compile(s.Condition), Message(s.Message));
            case BreakStatement:
                return new LeaveInstruction(place, Flow.Break);
            case ContinueStatement:
                return new LeaveInstruction(place, Flow.Continue);
            default:
                throw place.Error("a definition within a function is not supported");
        }
    }

    private WithInstruction With(WithStatement s)
    {
        Node[] items = [.. s.Items.Select(item => _expressions.Compile(item.Item))];
        Target?[] targets = [.. s.Items.Select(item => item.Target is { } target ? Store(target) : null)];
        return new WithInstruction(s.Place, items, targets, Block(s.Body));
    }

    private bool IsCallable(Expression value) =>
        value is NameExpression or AttributeExpression
        && _scope.Dotted(value) is { } dotted
        && (_scope.Function(dotted) is not null || _scope.Class(dotted) is not null);

    private AssignInstruction Assign(SourcePlace place, IReadOnlyList<Expression> targets, Expression value)
    {
        var node = _expressions.Compile(value);
        return new AssignInstruction(place, [.. targets.Select(Store)], node);
    }

    private AugmentInstruction Augment(AugmentedStatement s)
    {
        string operation = ExpressionCompiler.OperationOf(s.Operator, s.Place);
        return new AugmentInstruction(
            s.Place,
            Store(s.Target),
            _expressions.Compile(s.Target),
            _expressions.Compile(s.Value),
            Rewrites.Site(s.Place, operation == "floordiv" ? "floor_divide_" : operation + "_", [null, null]),
            Rewrites.Site(s.Place, operation, [null, null])
        );
    }

    // raise ValueError("message")
    private Node? Message(Expression? value) =>
        value switch
        {
            null => null,
            CallExpression { Arguments: [{ Value: var message }, ..] } => _expressions.Compile(message),
            CallExpression or NameExpression => new LiteralNode(value.Place, "an error without a message"),
            _ => _expressions.Compile(value),
        };

    private Target Store(Expression target) => _expressions.Store(target);
}
