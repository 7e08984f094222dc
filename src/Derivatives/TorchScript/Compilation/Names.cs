using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Compilation;

/// <summary>The names that expressions read, in the order in which they are read.</summary>
internal static class Names
{
    /// <summary>The names in an expression. Those in a comprehension are read many times, and come twice.</summary>
    internal static List<NameExpression> In(Expression expression)
    {
        List<NameExpression> names = [];
        Add(expression, names);
        return names;
    }

    /// <summary>The names that statements read.</summary>
    internal static List<NameExpression> In(IReadOnlyList<Statement> body) => [.. body.SelectMany(In)];

    /// <summary>The names that are read where a value is stored.</summary>
    internal static List<NameExpression> InTarget(Expression target) =>
        target is NameExpression ? []
        : Parts(target) is { Count: > 0 } parts ? [.. parts.SelectMany(InTarget)]
        : In(target);

    /// <summary>The targets in a target.</summary>
    internal static IReadOnlyList<Expression> Parts(Expression target) =>
        target switch
        {
            TupleExpression tuple => tuple.Items,
            ListExpression list => list.Items,
            _ => [],
        };

    private static IEnumerable<NameExpression> In(Statement statement) =>
        statement switch
        {
            AssignStatement s => [.. In(s.Value), .. s.Targets.SelectMany(InTarget)],
            AnnotatedStatement { Value: { } value } s => [.. In(value), .. InTarget(s.Target)],
            AugmentedStatement s => [.. In(s.Value), .. In(s.Target)],
            ExpressionStatement s => In(s.Value),
            IfStatement s => [.. In(s.Condition), .. In(s.Then), .. In(s.Otherwise)],
            WhileStatement s => [.. In(s.Condition), .. In(s.Body)],
            ForStatement s => [.. In(s.Source), .. In(s.Body)],
            WithStatement s => [.. s.Items.SelectMany(item => In(item.Item)), .. In(s.Body)],
            ReturnStatement { Value: { } value } => In(value),
            RaiseStatement { Value: { } value } => In(value),
            AssertStatement s => [.. In(s.Condition), .. s.Message is null ? [] : In(s.Message)],
            _ => [],
        };

    private static void Add(Expression? expression, List<NameExpression> names)
    {
        switch (expression)
        {
            case NameExpression name:
                names.Add(name);
                break;
            case AttributeExpression e:
                Add(e.Target, names);
                break;
            case SubscriptExpression e:
                Add(e.Target, names);
                Add(e.Items, names);
                break;
            case SliceExpression e:
                Add(e.Start, names);
                Add(e.Stop, names);
                Add(e.Step, names);
                break;
            case CallExpression e:
                Add(e.Target, names);
                Add(e.Arguments.Select(argument => argument.Value), names);
                break;
            case ListExpression e:
                Add(e.Items, names);
                break;
            case TupleExpression e:
                Add(e.Items, names);
                break;
            case DictionaryExpression e:
                Add(e.Items.SelectMany(item => new[] { item.Key, item.Value }), names);
                break;
            case UnaryExpression e:
                Add(e.Operand, names);
                break;
            case BinaryExpression e:
                Add(e.Left, names);
                Add(e.Right, names);
                break;
            case ConditionalExpression e:
                Add(e.Condition, names);
                Add(e.Then, names);
                Add(e.Otherwise, names);
                break;
            case ComprehensionExpression e:
                Add(e.Source, names);
                var inner = In(e.Element).Concat(e.Condition is null ? [] : In(e.Condition)).ToList();
                names.AddRange(inner);
                names.AddRange(inner.Select(name => new NameExpression(name.Place, name.Name)));
                break;
            default:
                break;
        }
    }

    private static void Add(IEnumerable<Expression> expressions, List<NameExpression> names)
    {
        foreach (var expression in expressions)
        {
            Add(expression, names);
        }
    }
}
