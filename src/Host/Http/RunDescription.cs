namespace CurvatureMonitor.Host.Http;

/// <summary>What is known of a run when it starts and does not change afterwards.</summary>
internal sealed record RunDescription
{
    /// <summary>The run's name; any characters, not empty.</summary>
    public required string Run { get; init; }

    /// <summary>The model's name, for example <c>lenet</c>.</summary>
    public string? Model { get; init; }

    /// <summary>The data set's name, for example <c>mnist</c>.</summary>
    public string? Dataset { get; init; }

    /// <summary>The optimiser's name, for example <c>sgd</c>.</summary>
    public string? Optimizer { get; init; }

    /// <summary>Number P of trained parameters.</summary>
    public long? Parameters { get; init; }

    /// <summary>When the run started; the time of the first report where it is not given.</summary>
    public DateTimeOffset? StartTime { get; init; }
}
