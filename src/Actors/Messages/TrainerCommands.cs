namespace CurvatureMonitor.Actors.Messages;

/// <summary>Makes a trainer begin.</summary>
internal sealed record BeginTraining
{
    public static BeginTraining Instance { get; } = new();
}

/// <summary>
/// A trainer tells itself to make the next step, so that other messages get their turn between two steps.
/// </summary>
internal sealed record Continue
{
    public static Continue Instance { get; } = new();
}

/// <summary>Makes a trainer end after its current step.</summary>
internal sealed record StopTraining
{
    public static StopTraining Instance { get; } = new();
}
