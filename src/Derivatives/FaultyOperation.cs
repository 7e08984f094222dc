using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Objectives;
using CurvatureMonitor.Derivatives.TorchScript.Operations;

namespace CurvatureMonitor.Derivatives;

/// <summary>
/// Which operation of a program has wrong derivatives: the first whose own result has them, found by halves of the
/// program as it ran.
/// </summary>
internal static class FaultyOperation
{
    /// <summary>Holds a function against what its derivatives may be off by.</summary>
    /// <param name="objective">The objective.</param>
    /// <param name="point">Where.</param>
    /// <param name="whole">The function of its outputs.</param>
    /// <param name="off">By how much the derivatives of a function are off; NaN is beyond every bound.</param>
    /// <param name="tolerated">The most that is tolerated.</param>
    /// <param name="describe">Says it of the whole, with the operation where one can be told.</param>
    /// <returns>Null where no more than that.</returns>
    internal static string? Fault(
        Objective objective,
        Point point,
        CheckedFunction whole,
        Func<CheckedFunction, double> off,
        double tolerated,
        Func<double, string?, string> describe
    )
    {
        double found = off(whole);
        return found <= tolerated
            ? null
            : describe(found, Find(objective, point, part => !(off(part) <= tolerated)));
    }

    // Null where the model's operations cannot be looked at, or none can be told.
    private static string? Find(Objective objective, Point point, Func<CheckedFunction, bool> isFaulty)
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

            // The first that is faulty lies in (right, wrong]; behind the last operation are the outputs.
            int right = -1;
            int wrong = count;
            while (wrong - right > 1)
            {
                int middle = right + ((wrong - right) / 2);
                (right, wrong) = isFaulty(CheckedFunction.Combination(objective, middle))
                    ? (right, middle)
                    : (middle, wrong);
            }

            return wrong < count ? Describe(Trace(objective, point, wrong), wrong) : null;
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
        objective.OutputsAt(point, CheckedFunction.Few(objective).Inputs).Dispose();
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
