using CurvatureMonitor.ActorKernel.Dispatch.SysMsg;

namespace CurvatureMonitor.ActorKernel.Actor.Internal;

/// <summary>
/// Brings the continuations of one asynchronous handler back into its actor, one at a time, as system messages (the
/// mailbox is suspended meanwhile). When the actor has stopped they are not run any more: an actor that must finish
/// what it began is stopped with <see cref="PoisonPill"/>.
/// </summary>
internal sealed class ActorTaskScheduler(ActorCell cell, Envelope? envelope) : TaskScheduler
{
    public ActorCell Cell => cell;

    /// <summary>The message whose handler this is.</summary>
    public Envelope? Envelope => envelope;

    /// <summary>The instance that started it.</summary>
    public int Incarnation { get; } = cell.Incarnation;

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>
    /// Runs a continuation inside the actor, with the message and sender that its handler was called with.
    /// </summary>
    public void Run(Task task)
    {
        var outer = cell.CurrentEnvelope;
        cell.CurrentEnvelope = envelope;
        try
        {
            TryExecuteTask(task);
        }
        finally
        {
            cell.CurrentEnvelope = outer;
        }
    }

    protected override void QueueTask(Task task) => cell.Self.SendSystemMessage(new RunContinuation(task, this));

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued)
    {
        if (taskWasPreviouslyQueued || !ReferenceEquals(ActorCell.Current, cell))
        {
            return false;
        }

        return TryExecuteTask(task);
    }

    protected override IEnumerable<Task> GetScheduledTasks() => [];
}
