namespace CurvatureMonitor.Host.Monitoring.Alerts;

/// <summary>An alert as Prometheus knows it.</summary>
internal sealed record AlertPoint
{
    /// <summary>The rule's name.</summary>
    public required string Name { get; init; }

    /// <summary><c>pending</c> or <c>firing</c>.</summary>
    public required string State { get; init; }

    /// <summary><c>critical</c>, <c>warning</c> or <c>info</c>.</summary>
    public string? Severity { get; init; }

    /// <summary>The run that it is about; absent where it is about none.</summary>
    public string? Run { get; init; }

    /// <summary>One line for a person.</summary>
    public string? Summary { get; init; }

    /// <summary>
    /// Where it is told what to do: a place on this monitor, as seen from the page, or an address elsewhere.
    /// </summary>
    public string? RunbookUrl { get; init; }

    /// <summary>Since when its condition holds.</summary>
    public DateTimeOffset? ActiveAt { get; init; }
}
