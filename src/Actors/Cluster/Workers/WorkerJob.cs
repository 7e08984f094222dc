using Akka.Actor;
using CurvatureMonitor.Actors.Cluster.Wire;
using CurvatureMonitor.Actors.Resources;

namespace CurvatureMonitor.Actors.Cluster.Workers;

/// <summary>The job that a worker is at.</summary>
/// <param name="message">What it is.</param>
/// <param name="host">The gate of the host that gave it.</param>
/// <param name="started">When it was begun.</param>
internal sealed class WorkerJob(DoJob message, IActorRef host, long started)
{
    private int _answered;

    public DoJob Message { get; } = message;

    public IActorRef Host { get; } = host;

    public long Started { get; } = started;

    public CancellationTokenSource Cancellation { get; } = new();

    /// <summary>Its objective and checkpoint, once they are here.</summary>
    public RunResources? Resources { get; set; }

    /// <summary>Claims the right to answer it, which the deadline may have: one of the two answers.</summary>
    /// <returns>Whether the caller has it.</returns>
    public bool TryAnswer() => Interlocked.Exchange(ref _answered, 1) == 0;
}
