using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Nodes;
using CurvatureMonitor.Derivatives.TorchScript.Operations;
using CurvatureMonitor.Derivatives.TorchScript.Rewriting;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Compilation;

/// <summary>Makes the nodes of calls: of the program's own functions, of operations, of methods.</summary>
internal sealed class CallCompiler(Scope scope, ExpressionCompiler expressions)
{
    private const string Primitive = "ops.prim.";
    private const string Aten = "ops.aten.";
    private const string New = ".__new__";

    /// <summary>The node of a call.</summary>
    internal Node Compile(CallExpression call)
    {
        var place = call.Place;
        string?[] names = [.. call.Arguments.Select(argument => argument.Name)];
        if (scope.Dotted(call.Target) is not { } dotted)
        {
            return Method(call, names);
        }

        if (Special(call, dotted) is { } special)
        {
            return special;
        }

        var arguments = expressions.All(call.Arguments.Select(argument => argument.Value));
        if (scope.Function(dotted) is { } function)
        {
            return new CallNode(place, function, arguments, ArgumentPositions.Of(function, names, 0, place));
        }

        if (scope.Class(dotted) is { } layout)
        {
            return layout.IsTuple && arguments.Length != layout.Attributes.Count
                ? throw place.Error($"{dotted} has {layout.Attributes.Count} parts and is given {arguments.Length}")
                : new NewNode(place, layout, arguments, true);
        }

        return OperationName(dotted) is { } name
            ? expressions.Operation(place, name, names, arguments)
            : throw place.Error($"the function '{dotted}' is not known");
    }

    private static string? OperationName(string dotted) =>
        dotted.StartsWith("torch.nn.functional.", StringComparison.Ordinal) ? dotted["torch.nn.functional.".Length..]
        : dotted.StartsWith("torch.", StringComparison.Ordinal) ? dotted["torch.".Length..]
        : dotted.StartsWith("math.", StringComparison.Ordinal) ? dotted["math.".Length..]
        : dotted.StartsWith(Primitive, StringComparison.Ordinal) ? "prim." + dotted[Primitive.Length..]
        : dotted.StartsWith(Aten, StringComparison.Ordinal) ? dotted[Aten.Length..]
        : dotted.StartsWith("ops.", StringComparison.Ordinal) ? dotted
        : OperationTable.Direct.Find("builtin." + dotted) is not null ? "builtin." + dotted
        : null;

    // Forms whose arguments are no values: types and names.
    private Node? Special(CallExpression call, string dotted)
    {
        var place = call.Place;
        switch (dotted)
        {
            case "annotate" or "torch.jit.annotate" or "unchecked_cast" when call.Arguments.Count == 2:
                var inner = expressions.Compile(call.Arguments[1].Value);
                return call.Arguments[0].Value is NameExpression { Name: "int" or "float" or "number" } kind
                    ? expressions.Operation(
                        place,
                        "annotate",
                        [null, null],
                        [new LiteralNode(place, kind.Name), inner]
                    )
                    : inner;
            case "uninitialized":
                return new LiteralNode(place, null);
            case "getattr" when call.Arguments is [{ Value: var target }, { Value: LiteralExpression literal }, ..]:
                string name = literal.Value as string ?? throw place.Error("an attribute's name must be a string");
                return new AttributeNode(place, expressions.Compile(target), name, Rewrites.Site(place, name, [null]));
            case "isinstance" when call.Arguments.Count == 2:
                return new TypeTestNode(
                    place,
                    expressions.Compile(call.Arguments[0].Value),
                    TypeTest.Of(call.Arguments[1].Value)
                );
            case not null when dotted.EndsWith(New, StringComparison.Ordinal):
                return scope.Class(dotted[..^New.Length]) is { } layout
                    ? new NewNode(place, layout, [], false)
                    : throw place.Error($"the class '{dotted[..^New.Length]}' is not known");
            default:
                return null;
        }
    }

    private MethodNode Method(CallExpression call, string?[] names)
    {
        if (call.Target is not AttributeExpression { Name: var name, Target: var target })
        {
            throw call.Place.Error("only functions and methods can be called");
        }

        scope.Names.Note(name, isMethod: true);
        var arguments = expressions.All(call.Arguments.Select(argument => argument.Value));
        return new MethodNode(
            call.Place,
            expressions.Compile(target),
            name,
            Rewrites.Arguments(name, names, arguments, first: 1),
            names,
            Rewrites.Site(call.Place, name, [null, .. names])
        );
    }
}
