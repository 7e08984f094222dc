namespace CurvatureMonitor.Host.Isolation;

/// <summary>A computation under way, in this process or in one of its own.</summary>
/// <param name="link">The link to the process that started this one; null where it measures for itself.</param>
/// <param name="cancellation">Asks for its end.</param>
internal sealed class Work(ChildLink? link, CancellationToken cancellation)
{
    /// <summary>Asks for its end.</summary>
    internal CancellationToken Cancellation { get; } = cancellation;

    /// <summary>Says what is under way.</summary>
    internal void Begin(string what) => link?.Begin(what);
}
