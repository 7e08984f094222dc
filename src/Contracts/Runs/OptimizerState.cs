namespace CurvatureMonitor.Contracts.Runs;

/// <summary>The optimiser as it was at one step: nothing of it is taken from elsewhere.</summary>
/// <param name="Kind">Its name in lower case, such as <c>sgd</c> or <c>adamw</c>.</param>
/// <param name="Groups">Its parameter groups, at least one.</param>
public sealed record OptimizerState(string Kind, IReadOnlyList<ParameterGroup> Groups)
{
    /// <summary>What all groups agree on; null where they differ, or it is not told.</summary>
    /// <param name="number">Which number.</param>
    /// <typeparam name="T">Its type.</typeparam>
    public T? Common<T>(Func<ParameterGroup, T?> number)
        where T : struct
    {
        ArgumentNullException.ThrowIfNull(number);
        return Agree(number) ? number(Groups[0]) : null;
    }

    /// <summary>Whether all groups have the same of a number; they may all not tell it.</summary>
    /// <param name="number">Which number.</param>
    /// <typeparam name="T">Its type.</typeparam>
    public bool Agree<T>(Func<ParameterGroup, T?> number)
        where T : struct
    {
        ArgumentNullException.ThrowIfNull(number);
        return Groups.Select(number).Distinct().Count() <= 1;
    }
}
