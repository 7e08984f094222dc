using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Execution;

/// <summary>An expression that is ready to run.</summary>
internal abstract class Node(SourcePlace place)
{
    /// <summary>Where it stands in the source.</summary>
    internal SourcePlace Place { get; } = place;

    /// <summary>Its value, handed over to the caller.</summary>
    internal abstract object? Evaluate(Frame frame);

    /// <summary>The truth of its value.</summary>
    internal bool IsTrue(Frame frame)
    {
        object? value = Evaluate(frame);
        if (value is bool truth)
        {
            return truth;
        }

        try
        {
            bool found = Values.Truth(value);
            Values.Release(value);
            return found;
        }
        catch (InvalidCastException exception)
        {
            throw Place.Error(exception.Message);
        }
    }
}
