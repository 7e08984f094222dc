using CurvatureMonitor.Derivatives.TorchScript.Execution;

namespace CurvatureMonitor.Derivatives.TorchScript.Operations;

/// <summary>
/// Computes an operation from the values of its parameters, <see cref="Unset"/> where the default is meant. It hands
/// its result over, and <see cref="Operation.Unfit"/> where the values are not of the kinds that it knows.
/// </summary>
internal delegate object? Handler(RunState run, object?[] values);

/// <summary>An operation that the interpreter computes itself: libtorch's of the same name, called directly.</summary>
/// <param name="parameters">The names of its parameters, as in libtorch's schema.</param>
/// <param name="handlers">Tried in this order.</param>
internal sealed class Operation(string[] parameters, Handler[] handlers)
{
    /// <summary>What a handler returns that does not know values of these kinds.</summary>
    internal static object Unfit { get; } = new();

    /// <summary>How many parameters it has.</summary>
    internal int ParameterCount => parameters.Length;

    /// <summary>The place of a parameter; −1 where there is none of the name.</summary>
    internal int IndexOf(string parameter) => Array.IndexOf(parameters, parameter);

    /// <summary>This operation with another handler, tried after the others.</summary>
    internal Operation With(string[] names, Handler handler) =>
        new(names.Length > parameters.Length ? names : parameters, [.. handlers, handler]);

    /// <summary>The result of the first handler that knows the values.</summary>
    internal object? Run(RunState run, object?[] values)
    {
        foreach (var handler in handlers)
        {
            object? result = handler(run, values);
            if (!ReferenceEquals(result, Unfit))
            {
                return result;
            }
        }

        return Unfit;
    }
}
