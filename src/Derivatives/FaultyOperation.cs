using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Objectives;
using CurvatureMonitor.Derivatives.TorchScript.Operations;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives;

/// <summary>
/// Which operation of a program has wrong derivatives: the first whose own result has them, found by halves of the
/// program as it ran.
/// </summary>
internal static class FaultyOperation
{
    /// <summary>Names it, with its place in the source.</summary>
    /// <param name="objective">The objective that has the fault.</param>
    /// <param name="point">Where.</param>
    /// <param name="isFaulty">Whether the derivatives of a function have it.</param>
    /// <returns>Null where the model's operations cannot be looked at, or none can be told.</returns>
    internal static string? Find(Objective objective, Point point, Func<CheckedFunction, bool> isFaulty)
    {
        int count = Trace(objective, point, wanted: -1).Sites.Count;
        if (count == 0)
        {
            return null;
        }

        try
        {
            if (!isFaulty(CheckedFunction.Combination(objective)))
            {
                return "the loss";
            }

            // The first that is faulty lies in (right, wrong].
            int right = -1;
            int wrong = count - 1;
            while (wrong - right > 1)
            {
                int middle = right + ((wrong - right) / 2);
                (right, wrong) = isFaulty(CheckedFunction.Combination(objective, middle))
                    ? (right, middle)
                    : (middle, wrong);
            }

            return isFaulty(CheckedFunction.Combination(objective, wrong))
                ? Describe(Trace(objective, point, wrong), wrong)
                : null;
        }
        catch (DerivativeException exception) when (exception.Kind != DerivativeErrorKind.OutOfMemory)
        {
            // The fault stands, without its place.
            return null;
        }
    }

    private static OperationTrace Trace(Objective objective, Point point, int wanted)
    {
        using var trace = new OperationTrace(wanted);
        using var mode = enable_grad();
        using var inputs = objective.Slice(0, Math.Min(HessianChecks.SymmetrySamples, objective.MicroBatch)).Inputs;
        using var outputs = objective.Forward(point, inputs);
        trace.Result?.Dispose();
        return trace;
    }

    private static string Describe(OperationTrace trace, int number)
    {
        var site = trace.Sites[number];
        string cut = trace.LastCut is { } last ? $", after {last.Name} (line {last.Place.Line})," : "";
        return $"{site.Name} ({site.Place}){cut}";
    }
}
