namespace CurvatureMonitor.ActorKernel.Tests.Support;

/// <summary>What happened, in order, from any thread.</summary>
public sealed class Trace
{
    private readonly Lock _gate = new();
    private readonly List<string> _events = [];

    public IReadOnlyList<string> Events
    {
        get
        {
            lock (_gate)
            {
                return [.. _events];
            }
        }
    }

    public void Add(string what)
    {
        lock (_gate)
        {
            _events.Add(what);
        }
    }

    /// <summary>Waits until something has happened so many times.</summary>
    public Task Until(string what, int times = 1) =>
        CurvatureMonitor.Tests.Support.Until.HoldsAsync(
            $"{times} × {what}",
            () => Events.Count(e => e == what) >= times,
            () => $"There were: {this}"
        );

    public void ShouldBe(string expected) => Assert.Equal(expected, ToString());

    public override string ToString() => string.Join(" | ", Events);
}
