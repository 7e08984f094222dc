using CurvatureMonitor.Actors.Resources;
using CurvatureMonitor.Cluster.Connection;
using CurvatureMonitor.Cluster.Wire;

namespace CurvatureMonitor.Cluster.Workers;

/// <summary>The job that a worker is at.</summary>
/// <param name="message">What it is.</param>
/// <param name="slot">The message, unacknowledged.</param>
/// <param name="ticket">The ticket that led to it, unacknowledged.</param>
/// <param name="started">When it was begun.</param>
internal sealed class WorkerJob(JobMessage message, Delivery slot, Delivery ticket, long started)
{
    private int _answered;

    public JobMessage Message { get; } = message;

    public Delivery Slot { get; } = slot;

    public Delivery Ticket { get; } = ticket;

    public long Started { get; } = started;

    public CancellationTokenSource Cancellation { get; } = new();

    /// <summary>Its objective and checkpoint, once they are here.</summary>
    public RunResources? Resources { get; set; }

    /// <summary>What became of it; null while it is under way.</summary>
    public byte[]? Result { get; set; }

    /// <summary>How often no queue took its result.</summary>
    public int Returned { get; set; }

    /// <summary>Claims the right to answer it, which the deadline may have: one of the two answers.</summary>
    /// <returns>Whether the caller has it.</returns>
    public bool TryAnswer() => Interlocked.Exchange(ref _answered, 1) == 0;

    /// <summary>
    /// Acknowledges it; where the session is over that has no effect, and a copy of it finds the result remembered.
    /// </summary>
    public async Task AcknowledgeAsync()
    {
        await Slot.AckAsync().ConfigureAwait(false);
        await Ticket.AckAsync().ConfigureAwait(false);
    }
}
