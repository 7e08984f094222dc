using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Nodes;

/// <summary>Which parameter each argument of a call belongs to.</summary>
internal static class ArgumentPositions
{
    /// <summary>The parameters' places.</summary>
    /// <param name="function">What is called.</param>
    /// <param name="names">The arguments' names; null for those that go by their place.</param>
    /// <param name="first">The place of the first.</param>
    /// <param name="place">Where the call stands.</param>
    /// <exception cref="DerivativeException">There is no such parameter.</exception>
    internal static int[] Of(Function function, string?[] names, int first, SourcePlace place)
    {
        int[] positions = new int[names.Length];
        for (int i = 0; i < names.Length; i++)
        {
            positions[i] = names[i] is { } name ? function.IndexOf(name) : i + first;
            if (positions[i] < 0 || positions[i] >= function.ParameterCount)
            {
                throw place.Error(
                    names[i] is { } unknown
                        ? $"{function.Name} has no parameter '{unknown}'"
                        : $"{function.Name} takes {function.ParameterCount - first} values and is given {names.Length}"
                );
            }
        }

        return positions;
    }
}
