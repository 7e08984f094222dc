using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Nodes;
using CurvatureMonitor.Derivatives.TorchScript.Rewriting;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Compilation;

/// <summary>Makes the nodes of expressions: names become places, calls their targets.</summary>
internal sealed class ExpressionCompiler
{
    private static readonly Dictionary<string, string> Operations = new(StringComparer.Ordinal)
    {
        ["+"] = "add",
        ["-"] = "sub",
        ["*"] = "mul",
        ["/"] = "div",
        ["//"] = "floordiv",
        ["%"] = "remainder",
        ["**"] = "pow",
        ["@"] = "matmul",
        ["&"] = "__and__",
        ["|"] = "__or__",
        ["^"] = "__xor__",
        ["<<"] = "__lshift__",
        [">>"] = "__rshift__",
        ["=="] = "eq",
        ["!="] = "ne",
        ["<"] = "lt",
        ["<="] = "le",
        [">"] = "gt",
        [">="] = "ge",
        ["is"] = "__is__",
        ["is not"] = "__isnot__",
        ["in"] = "__contains__",
        ["not in"] = "__contains__",
    };

    private readonly Scope _scope;
    private readonly CallCompiler _calls;

    internal ExpressionCompiler(Scope scope)
    {
        _scope = scope;
        _calls = new CallCompiler(scope, this);
    }

    /// <summary>The operation that an operator stands for.</summary>
    internal static string OperationOf(string symbol, SourcePlace place) =>
        Operations.TryGetValue(symbol, out string? name) ? name : throw place.Error($"'{symbol}' is not supported");

    /// <summary>The node of an expression.</summary>
    internal Node Compile(Expression expression)
    {
        var place = expression.Place;
        return expression switch
        {
            LiteralExpression e => new LiteralNode(place, e.Value),
            NameExpression e => Name(e),
            AttributeExpression e => Attribute(e),
            SubscriptExpression e => new SubscriptNode(
                place,
                Compile(e.Target),
                Index(e),
                Rewrites.Site(place, "subscript", [null, null])
            ),
            SliceExpression e => new SliceNode(place, Optional(e.Start), Optional(e.Stop), Optional(e.Step)),
            CallExpression e => _calls.Compile(e),
            ListExpression e => new ListNode(place, All(e.Items)),
            TupleExpression e => new TupleNode(place, All(e.Items)),
            DictionaryExpression e => new DictionaryNode(
                place,
                [.. e.Items.Select(item => (Compile(item.Key), Compile(item.Value)))]
            ),
            UnaryExpression e => Unary(e),
            BinaryExpression e => Binary(e),
            ConditionalExpression e => Conditional(e),
            ComprehensionExpression e => Comprehension(e),
            _ => throw place.Error("this expression is not supported"),
        };
    }

    private ConditionalNode Conditional(ConditionalExpression e)
    {
        _scope.Names.NoteBranch();
        return new ConditionalNode(e.Place, Compile(e.Condition), Compile(e.Then), Compile(e.Otherwise));
    }

    /// <summary>The place that takes a value.</summary>
    internal Target Store(Expression target) =>
        target switch
        {
            NameExpression e => new LocalTarget(e.Place, _scope.Define(e.Name)),
            AttributeExpression e => new AttributeTarget(e.Place, Compile(e.Target), e.Name),
            SubscriptExpression e => new ElementTarget(
                e.Place,
                Compile(e.Target),
                Index(e),
                Rewrites.Site(e.Place, "index_store", [null, null, null])
            ),
            _ => new TupleTarget(target.Place, [.. Names.Parts(target).Select(Store)]),
        };

    /// <summary>The nodes of several expressions.</summary>
    internal Node[] All(IEnumerable<Expression> expressions) => [.. expressions.Select(Compile)];

    /// <summary>A node that calls an operation.</summary>
    internal OperationNode Operation(SourcePlace place, string name, string?[] names, Node[] arguments)
    {
        _scope.Names.Note(name, isMethod: false);
        return new OperationNode(
            Rewrites.Site(place, name, names),
            Rewrites.Arguments(name, names, arguments)
        );
    }

    private Node? Optional(Expression? expression) => expression is null ? null : Compile(expression);

    private Node Index(SubscriptExpression e) =>
        e.Items.Count == 1 ? Compile(e.Items[0]) : new TupleNode(e.Place, All(e.Items));

    private Node Name(NameExpression e)
    {
        int slot = _scope.Find(e.Name);
        return slot >= 0 ? new LocalNode(e.Place, e.Name, slot, _scope.IsLastRead(e))
            : WellKnown.Find(e.Name) is { } known ? new LiteralNode(e.Place, known)
            : throw e.Place.Error($"the name '{e.Name}' is not known");
    }

    private Node Attribute(AttributeExpression e)
    {
        if (_scope.Dotted(e) is not { } dotted)
        {
            return new AttributeNode(e.Place, Compile(e.Target), e.Name, Rewrites.Site(e.Place, e.Name, [null]));
        }

        if (dotted.StartsWith("CONSTANTS.c", StringComparison.Ordinal))
        {
            return
                int.TryParse(dotted.AsSpan("CONSTANTS.c".Length), out int number)
                && _scope.Names.FindConstant(number) is { } cell
                ? new ConstantNode(e.Place, cell)
                : throw e.Place.Error($"the archive has no constant '{e.Name}'");
        }

        return WellKnown.Find(dotted) is { } known
            ? new LiteralNode(e.Place, known)
            : throw e.Place.Error($"the name '{dotted}' is not known");
    }

    private Node Unary(UnaryExpression e) =>
        e.Operator switch
        {
            "not" => new NotNode(e.Place, Compile(e.Operand)),
            "-" => Operation(e.Place, "neg", [null], [Compile(e.Operand)]),
            "~" => Operation(e.Place, "bitwise_not", [null], [Compile(e.Operand)]),
            _ => Compile(e.Operand),
        };

    private Node Binary(BinaryExpression e)
    {
        var (left, right) = (Compile(e.Left), Compile(e.Right));
        if (e.Operator is "and" or "or")
        {
            return new LogicalNode(e.Place, left, right, e.Operator == "and");
        }

        string name = OperationOf(e.Operator, e.Place);
        var node = Operation(e.Place, name, [null, null], name == "__contains__" ? [right, left] : [left, right]);
        return e.Operator == "not in" ? new NotNode(e.Place, node) : node;
    }

    private ComprehensionNode Comprehension(ComprehensionExpression e)
    {
        var source = Compile(e.Source);
        var target = Store(e.Target);
        return new ComprehensionNode(e.Place, Compile(e.Element), target, source, Optional(e.Condition));
    }
}
