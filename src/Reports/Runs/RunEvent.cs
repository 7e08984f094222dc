namespace CurvatureMonitor.Reports.Runs;

/// <summary>Something that happened to a run.</summary>
internal sealed record RunEvent
{
    /// <summary>The run's name; absent inside a run's own history.</summary>
    public string? Run { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>What kind of event it is.</summary>
    public required RunEventKind Kind { get; init; }

    /// <summary>One line for a person.</summary>
    public required string Text { get; init; }
}
