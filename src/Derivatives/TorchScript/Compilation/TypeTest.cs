using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Compilation;

/// <summary>Whether a value is of a type that the source names.</summary>
internal static class TypeTest
{
    /// <summary>The test for a type, or for any of a tuple of types.</summary>
    /// <exception cref="DerivativeException">Values do not tell whether they are of this type.</exception>
    internal static Func<object?, bool> Of(Expression type) =>
        type switch
        {
            TupleExpression { Items: var items } => Any([.. items.Select(Of)]),
            NameExpression { Name: "int" } => value => value is long,
            NameExpression { Name: "float" } => value => value is double,
            NameExpression { Name: "bool" } => value => value is bool,
            NameExpression { Name: "str" } => value => value is string,
            NameExpression { Name: "Tensor" } => value => value is HeldTensor,
            NameExpression { Name: "NoneType" } or LiteralExpression { Value: null } => value => value is null,
            NameExpression { Name: "list" } => value => value is List<object?>,
            NameExpression { Name: "tuple" } => value => value is object?[],
            AttributeExpression { Name: "Tensor" } => value => value is HeldTensor,
            SubscriptExpression { Target: NameExpression { Name: "Optional" }, Items: [var inner] } => Any(
                [Of(inner), value => value is null]
            ),
            SubscriptExpression { Target: NameExpression { Name: "List" }, Items: [var inner] } => List(Of(inner)),
            SubscriptExpression { Target: NameExpression { Name: "Tuple" }, Items: var parts } => Tuple(
                [.. parts.Select(Of)]
            ),
            _ => throw type.Place.Error("a test for this type is not supported"),
        };

    private static Func<object?, bool> Any(Func<object?, bool>[] tests) =>
        value => Array.Exists(tests, test => test(value));

    private static Func<object?, bool> List(Func<object?, bool> test) =>
        value => value is List<object?> list && list.TrueForAll(item => test(item));

    private static Func<object?, bool> Tuple(Func<object?, bool>[] tests) =>
        value => value is object?[] tuple && tuple.Length == tests.Length && !tuple.Where((x, i) => !tests[i](x)).Any();
}
