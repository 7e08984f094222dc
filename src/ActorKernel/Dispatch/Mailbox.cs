using CurvatureMonitor.ActorKernel.Actor;
using CurvatureMonitor.ActorKernel.Actor.Internal;
using CurvatureMonitor.ActorKernel.Dispatch.SysMsg;

namespace CurvatureMonitor.ActorKernel.Dispatch;

/// <summary>
/// The two queues of an actor and the right to run it. One status word holds three things: closed (1), scheduled (2),
/// and in units of 4 how often the mailbox is suspended.
/// <para>Invariants. Whoever sets Scheduled owns the mailbox until it clears it: only then may messages be processed,
/// the front of the user queue be touched or the actor's fields be read. After clearing it the owner looks at the
/// queues once more; a sender adds first and tries to schedule afterwards; both sides go through a full fence on the
/// status word, so one of them sees the other and no wake-up is lost. Closed is final.</para>
/// </summary>
internal sealed class Mailbox(ActorCell cell, MessageDispatcher dispatcher, MessageQueue messages) : IThreadPoolWorkItem
{
    private const int Open = 0;
    private const int Closed = 1;
    private const int Scheduled = 2;
    private const int SuspendUnit = 4;

    private readonly SystemMessageQueue _systemMessages = new();
    private int _status = Open;

    public MessageQueue Messages => messages;

    public bool IsClosed => Volatile.Read(ref _status) == Closed;

    public bool IsSuspended => Volatile.Read(ref _status) >= SuspendUnit;

    /// <summary>Adds a user message and sees to it that the mailbox runs; false when closed.</summary>
    public bool TryEnqueue(Envelope envelope)
    {
        if (!messages.TryEnqueue(envelope))
        {
            return false;
        }

        ScheduleIfNeeded();
        return true;
    }

    /// <summary>Adds a system message and sees to it that the mailbox runs; false when closed.</summary>
    public bool TryEnqueue(SystemMessage message)
    {
        if (!_systemMessages.TryEnqueue(message))
        {
            return false;
        }

        ScheduleIfNeeded();
        return true;
    }

    /// <summary>Holds user messages back; suspensions add up.</summary>
    public void Suspend() => ChangeUnlessClosed(status => status + SuspendUnit);

    /// <summary>Undoes one suspension.</summary>
    public void Resume() => ChangeUnlessClosed(status => status < SuspendUnit ? status : status - SuspendUnit);

    /// <summary>
    /// Closes both queues for good and hands what is left to the dead letters. Only the owner may call this.
    /// </summary>
    public void CloseAndCleanUp()
    {
        Interlocked.Exchange(ref _status, Closed);
        foreach (var message in _systemMessages.Close())
        {
            cell.SystemImpl.DeadSystemMessage(message, cell.Self);
        }

        messages.Close();
        while (messages.TryDequeue(out var envelope))
        {
            cell.SystemImpl.UndeliveredMessage(envelope, cell.Self);
        }
    }

    void IThreadPoolWorkItem.Execute() => Run();

    /// <summary>
    /// Processes system messages, then user messages up to the dispatcher's throughput. Called by the dispatcher, once
    /// for each scheduling.
    /// </summary>
    public void Run()
    {
        var outer = ActorCell.Current;
        ActorCell.Current = cell;
        try
        {
            ProcessSystemMessages();
            for (
                var left = dispatcher.Throughput;
                left > 0 && CanProcessMessages && messages.TryDequeue(out var envelope);
                left--
            )
            {
                cell.Invoke(envelope);
                ProcessSystemMessages();
            }
        }
        finally
        {
            ActorCell.Current = outer;
            ChangeUnlessClosed(status => status & ~Scheduled);
            ScheduleIfNeeded();
        }
    }

    // Neither closed nor suspended: no bit but Scheduled.
    private bool CanProcessMessages => (Volatile.Read(ref _status) & ~Scheduled) == Open;

    private void ProcessSystemMessages()
    {
        while (!IsClosed && _systemMessages.Drain() is { Count: > 0 } batch)
        {
            for (var i = 0; i < batch.Count; i++)
            {
                if (IsClosed)
                {
                    // The actor ended in the middle of the batch.
                    cell.SystemImpl.DeadSystemMessage(batch[i], cell.Self);
                }
                else
                {
                    cell.SystemInvoke(batch[i]);
                }
            }
        }
    }

    private void ScheduleIfNeeded()
    {
        while (true)
        {
            var status = Volatile.Read(ref _status);
            if (status == Closed || (status & Scheduled) != 0)
            {
                return;
            }

            if (!_systemMessages.HasMessages && (status >= SuspendUnit || !messages.HasMessages))
            {
                return;
            }

            if (Interlocked.CompareExchange(ref _status, status | Scheduled, status) == status)
            {
                dispatcher.Schedule(this);
                return;
            }
        }
    }

    private void ChangeUnlessClosed(Func<int, int> change)
    {
        while (true)
        {
            var status = Volatile.Read(ref _status);
            if (status == Closed || Interlocked.CompareExchange(ref _status, change(status), status) == status)
            {
                return;
            }
        }
    }
}
