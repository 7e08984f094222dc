using System.Diagnostics.CodeAnalysis;

namespace CurvatureMonitor.Contracts.Analyses;

/// <summary>The names of the operators, the same everywhere: <c>hessian</c>, <c>ggn</c>, <c>residual</c>.</summary>
public static class OperatorNames
{
    /// <summary>Every operator, in the order in which they are reported.</summary>
    public static IReadOnlyList<OperatorKind> All { get; } =
    [OperatorKind.Hessian, OperatorKind.GaussNewton, OperatorKind.Residual];

    /// <summary>The name of <paramref name="kind"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The kind is none of the three.</exception>
    public static string Label(this OperatorKind kind) =>
        kind switch
        {
            OperatorKind.Hessian => "hessian",
            OperatorKind.GaussNewton => "ggn",
            OperatorKind.Residual => "residual",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "this operator has no name"),
        };

    /// <summary>The operator called <paramref name="name"/>, whatever its case.</summary>
    /// <exception cref="FormatException">There is no such operator; the message lists those there are.</exception>
    public static OperatorKind Parse(string name) =>
        TryParse(name, out var kind)
            ? kind
            : throw new FormatException(
                $"there is no operator '{name}'; the operators are {string.Join(", ", All.Select(Label))}"
            );

    /// <summary>Finds the operator called <paramref name="name"/>, whatever its case.</summary>
    /// <returns>Whether there is one.</returns>
    public static bool TryParse([NotNullWhen(true)] string? name, out OperatorKind kind)
    {
        foreach (var candidate in All)
        {
            if (string.Equals(candidate.Label(), name?.Trim(), StringComparison.OrdinalIgnoreCase))
            {
                kind = candidate;
                return true;
            }
        }

        kind = default;
        return false;
    }
}
