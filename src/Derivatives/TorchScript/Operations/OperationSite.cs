using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Operations;

/// <summary>
/// One place of the program that calls an operation: directly where the interpreter knows it for values of these kinds,
/// and by libtorch's own compiler for everything else.
/// </summary>
internal sealed class OperationSite
{
    private readonly string _name;
    private readonly Operation? _operation;
    private readonly int[]? _positions;
    private readonly GenericOperation _generic;
    private readonly bool _isInPlace;
    private readonly bool _isView;

    /// <summary>Makes a site.</summary>
    /// <param name="place">Where it stands in the source.</param>
    /// <param name="name">The operation.</param>
    /// <param name="names">The arguments' names; null for those that go by their place.</param>
    /// <param name="operation">How the interpreter computes it itself; null where it does not.</param>
    internal OperationSite(SourcePlace place, string name, string?[] names, Operation? operation)
    {
        Place = place;
        _name = name;
        _isInPlace = Aliasing.IsInPlace(name);
        _isView = Aliasing.IsView(name);
        _generic = new GenericOperation(name, names);
        _positions = operation is null ? null : Positions(operation, names);
        _operation = _positions is null ? null : operation;
    }

    /// <summary>Where it stands in the source.</summary>
    internal SourcePlace Place { get; }

    /// <summary>The operation.</summary>
    internal string Name => _name;

    /// <summary>Calls the operation.</summary>
    /// <param name="run">The pass.</param>
    /// <param name="given">One value an argument, each handed over.</param>
    /// <exception cref="DerivativeException">It failed, or there is no such operation.</exception>
    internal object? Invoke(RunState run, object?[] given)
    {
        run.Step(Place);
        if (_isInPlace && given is [HeldTensor { SharesForeign: true }, ..])
        {
            throw new ForeignChangeException();
        }

        object? result;
        try
        {
            result = _operation is null ? Operation.Unfit : _operation.Run(run, Bind(given));
            if (ReferenceEquals(result, Operation.Unfit))
            {
                result = _generic.Invoke(given);
            }
        }
        catch (Exception exception) when (exception is not ForeignChangeException)
        {
            throw Failure(exception);
        }

        if (_isView && given is [HeldTensor source, ..])
        {
            Aliasing.Mark(source, result);
        }

        run.Trace?.Saw(this, given, result);
        foreach (object? value in given)
        {
            Values.Release(value);
        }

        return result;
    }

    private static int[]? Positions(Operation operation, string?[] names)
    {
        int[] positions = new int[names.Length];
        for (int i = 0; i < names.Length; i++)
        {
            positions[i] = names[i] is { } name ? operation.IndexOf(name) : i;
            if (positions[i] < 0 || positions[i] >= operation.ParameterCount)
            {
                return null;
            }
        }

        return positions;
    }

    private object?[] Bind(object?[] given)
    {
        object?[] values = new object?[_operation!.ParameterCount];
        Array.Fill(values, Unset.Value);
        for (int i = 0; i < given.Length; i++)
        {
            values[_positions![i]] = given[i];
        }

        return values;
    }

    private DerivativeException Failure(Exception exception)
    {
        var known = exception is InvalidCastException
            ? new DerivativeException(DerivativeErrorKind.InvalidArgument, exception.Message)
            : LibTorchError.Translate(exception);
        return new DerivativeException(known.Kind, $"{Place}: {_name}: {known.Message}") { IsFinal = known.IsFinal };
    }
}
