using System.Runtime.CompilerServices;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Execution;

/// <summary>A function or a method that can be called.</summary>
internal sealed class Function(string name, IReadOnlyList<ParameterSyntax> parameters, SourcePlace place)
{
    private readonly string[] _parameters = [.. parameters.Select(parameter => parameter.Name)];

    /// <summary>Its qualified name.</summary>
    internal string Name { get; } = name;

    /// <summary>Where it is defined.</summary>
    internal SourcePlace Place { get; } = place;

    /// <summary>How many values it takes.</summary>
    internal int ParameterCount => _parameters.Length;

    /// <summary>How many values must be given.</summary>
    internal int RequiredCount { get; } = parameters.Count(parameter => parameter.Default is null);

    /// <summary>How many variables it has; the parameters are the first.</summary>
    internal int LocalCount { get; set; }

    /// <summary>The default of each parameter; null where it has none.</summary>
    internal Node?[] Defaults { get; set; } = [];

    /// <summary>Its statements.</summary>
    internal Instruction[] Body { get; set; } = [];

    /// <summary>The names of what a method takes beside its object.</summary>
    internal IReadOnlyList<string> InputNames => _parameters[1..];

    /// <summary>The place of a parameter; −1 where there is none of the name.</summary>
    internal int IndexOf(string parameter) => Array.IndexOf(_parameters, parameter);

    /// <summary>Calls it.</summary>
    /// <param name="run">The pass.</param>
    /// <param name="arguments">The values of the parameters, handed over; <see cref="Unset"/> or missing at the end
    /// where the default is meant.</param>
    /// <param name="place">Where the call stands.</param>
    internal object? Call(RunState run, ReadOnlySpan<object?> arguments, SourcePlace place)
    {
        if (++run.CallDepth > run.MaxCallDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw place.Refused($"the functions of the model call each other too deeply, {Name} in the end");
        }

        if (arguments.Length > ParameterCount)
        {
            throw place.Error($"{Name} takes {ParameterCount} values and is given {arguments.Length}");
        }

        var frame = new Frame(run, LocalCount);
        arguments.CopyTo(frame.Locals);
        for (int i = 0; i < ParameterCount; i++)
        {
            if (ReferenceEquals(frame.Locals[i], Unset.Value))
            {
                frame.Locals[i] = Defaults[i] is { } given
                    ? given.Evaluate(frame)
                    : throw place.Error($"{Name} is not given its parameter '{_parameters[i]}'");
            }
        }

        Instruction.Run(Body, frame);
        run.CallDepth--;
        foreach (object? local in frame.Locals)
        {
            Values.Release(local);
        }

        return frame.Result;
    }
}
