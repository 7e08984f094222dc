using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Compilation;

/// <summary>
/// Finds where a function reads a variable for the last time, so that a tensor's memory can be used again as early as
/// libtorch's own interpreter would. What is uncertain counts as read later.
/// </summary>
internal sealed class Liveness
{
    private readonly HashSet<NameExpression> _last = new(ReferenceEqualityComparer.Instance);

    private Liveness() { }

    /// <summary>The reads that are the last.</summary>
    internal static HashSet<NameExpression> LastReads(IReadOnlyList<Statement> body)
    {
        var liveness = new Liveness();
        liveness.Block(body, new HashSet<string>(StringComparer.Ordinal), null);
        return liveness._last;
    }

    // `live` are the names that are read after the block; they become those that are read from its start on.
    private void Block(IReadOnlyList<Statement> body, HashSet<string> live, HashSet<string>? loop)
    {
        for (int i = body.Count - 1; i >= 0; i--)
        {
            Statement(body[i], live, loop);
        }
    }

    private void Statement(Statement statement, HashSet<string> live, HashSet<string>? loop)
    {
        switch (statement)
        {
            case AssignStatement { Value: var value, Targets: var targets }:
                foreach (var target in targets)
                {
                    Defined(target, live);
                }

                Read([.. targets.SelectMany(Names.InTarget), .. Names.In(value)], live);
                break;
            case AnnotatedStatement { Value: { } value, Target: var target }:
                Defined(target, live);
                Read([.. Names.InTarget(target), .. Names.In(value)], live);
                break;
            case AugmentedStatement augmented:
                // The place is read twice: as an operand, and as where the result goes.
                live.UnionWith(Names.In(augmented.Target).Select(name => name.Name));
                Read(Names.In(augmented.Value), live);
                break;
            case ExpressionStatement { Value: var value }:
                Read(Names.In(value), live);
                break;
            case IfStatement branch:
                var otherwise = new HashSet<string>(live, StringComparer.Ordinal);
                Block(branch.Then, live, loop);
                Block(branch.Otherwise, otherwise, loop);
                live.UnionWith(otherwise);
                Read(Names.In(branch.Condition), live);
                break;
            case WhileStatement { Condition: var condition, Body: var body }:
                live.UnionWith(Names.In(condition).Select(name => name.Name));
                Loop(body, live);
                break;
            case ForStatement { Source: var source, Body: var body }:
                Loop(body, live);
                Read(Names.In(source), live);
                break;
            case WithStatement guarded:
                Block(guarded.Body, live, loop);
                foreach (var (item, target) in guarded.Items.Reverse())
                {
                    if (target is not null)
                    {
                        Defined(target, live);
                    }

                    Read(Names.In(item), live);
                }

                break;
            case ReturnStatement { Value: var value }:
                live.Clear();
                Read(value is null ? [] : Names.In(value), live);
                break;
            case BreakStatement or ContinueStatement when loop is not null:
                live.UnionWith(loop);
                break;
            case RaiseStatement { Value: { } value }:
                live.UnionWith(Names.In(value).Select(name => name.Name));
                break;
            case AssertStatement { Condition: var condition, Message: var message }:
                IEnumerable<NameExpression> read = message is null ? [] : Names.In(message);
                live.UnionWith(read.Concat(Names.In(condition)).Select(name => name.Name));
                break;
            default:
                break;
        }
    }

    // Whatever a loop reads anywhere may be read in its next round.
    private void Loop(IReadOnlyList<Statement> body, HashSet<string> live)
    {
        live.UnionWith(Names.In(body).Select(name => name.Name));
        var all = new HashSet<string>(live, StringComparer.Ordinal);
        Block(body, new HashSet<string>(all, StringComparer.Ordinal), all);
        live.UnionWith(all);
    }

    private static void Defined(Expression target, HashSet<string> live)
    {
        if (target is NameExpression name)
        {
            live.Remove(name.Name);
        }
        else
        {
            foreach (var part in Names.Parts(target))
            {
                Defined(part, live);
            }
        }
    }

    // In the order in which they are read: the last one of a name is its last read if nothing after reads it.
    private void Read(List<NameExpression> names, HashSet<string> live)
    {
        var seen = new HashSet<string>(live, StringComparer.Ordinal);
        for (int i = names.Count - 1; i >= 0; i--)
        {
            if (seen.Add(names[i].Name))
            {
                _last.Add(names[i]);
            }
        }

        live.UnionWith(seen);
    }
}
