using Akka.Actor;

namespace CurvatureMonitor.Actors.Jobs;

/// <summary>A job that a worker is at.</summary>
/// <param name="Worker">The worker.</param>
/// <param name="Waiting">The job.</param>
/// <param name="Cancellation">Cancels it between two curvature products; the board's to dispose.</param>
internal sealed record Assignment(IActorRef Worker, WaitingJob Waiting, CancellationTokenSource Cancellation)
    : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Cancellation.Dispose();
}
