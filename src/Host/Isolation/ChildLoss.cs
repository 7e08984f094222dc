using System.Globalization;

namespace CurvatureMonitor.Host.Isolation;

/// <summary>A worker has ended that should be there.</summary>
/// <param name="Name">The worker's.</param>
/// <param name="End">How it ended.</param>
/// <param name="Pause">When another one starts.</param>
internal sealed record ChildLoss(string Name, ProcessEnd End, TimeSpan Pause)
{
    /// <summary>In words.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"the worker {Name} {End}; another one starts in {Pause.TotalSeconds:0.#} s"
        );
}
