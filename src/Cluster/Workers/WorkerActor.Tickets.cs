using System.Text.Json;
using Akka.Actor;
using CurvatureMonitor.Cluster.Connection;
using CurvatureMonitor.Cluster.Wire;
using RabbitMQ.Client.Exceptions;

namespace CurvatureMonitor.Cluster.Workers;

/// <content>From a ticket to the job that its slot holds.</content>
internal sealed partial class WorkerActor
{
    /// <summary>
    /// Takes tickets, once a session, and not before the job at hand is done: a ticket that waits here cannot be served
    /// elsewhere.
    /// </summary>
    private void Consume()
    {
        if (
            !_ready
            || _stopping
            || _job is not null
            || _session is not { } session
            || ReferenceEquals(_consuming, session)
        )
        {
            return;
        }

        _consuming = session;
        var self = Self;
        ConsumeAsync().PipeTo(self, failure: exception => new SessionFailed(session, exception));

        async Task<object> ConsumeAsync()
        {
            await session
                .ConsumeAsync(
                    Tickets,
                    1,
                    message => self.Tell(new TicketCame(session, message), ActorRefs.NoSender),
                    CancellationToken.None
                )
                .ConfigureAwait(false);
            return new TicketsConsumed(session);
        }
    }

    private void TakeTicket(TicketCame came)
    {
        if (_stopping || !ReferenceEquals(came.Session, _session))
        {
            return;
        }

        Ticket ticket;
        try
        {
            ticket = WireJson.Read<Ticket>(came.Delivery.Body);
        }
        catch (JsonException exception)
        {
            WireLog.Unreadable(_logger, Tickets, exception.Message.ReplaceLineEndings(" "));
            _ = came.Delivery.RejectAsync();
            return;
        }

        _ticket = came.Delivery;
        bool unfit = ticket.Wire > WireJson.Version || !Status().Meets(ticket.Needs);

        // A ticket that was handed out before may have broken its worker, and the broker puts it back at the head:
        // those that wait go first.
        if (unfit || came.Delivery.Redelivered)
        {
            ReturnTicketAsync(came, unfit ? _options.Timings.Pause : TimeSpan.Zero)
                .PipeTo(Self, failure: exception => new SessionFailed(came.Session, exception));
            return;
        }

        var session = came.Session;
        session
            .GetAsync(ticket.Slot, CancellationToken.None)
            .PipeTo(
                Self,
                success: delivery => new SlotRead(session, delivery),
                failure: exception => new SessionFailed(session, exception)
            );
    }

    // To the tail, so that those behind it are served, and after a pause where it would run in circles.
    private async Task<object> ReturnTicketAsync(TicketCame came, TimeSpan pause)
    {
        await Task.Delay(pause, _time).ConfigureAwait(false);
        try
        {
            await came
                .Session.PublishAsync(
                    _names.JobsExchange,
                    Tickets,
                    came.Delivery.Body,
                    Guid.NewGuid(),
                    _options.Timings.Publish
                )
                .ConfigureAwait(false);
            await came.Delivery.AckAsync().ConfigureAwait(false);
        }
        catch (PublishException)
        {
            // The queue is full.
            await came.Delivery.ReturnAsync().ConfigureAwait(false);
        }

        return new TicketReturned(came.Delivery);
    }

    // The next one may be here already.
    private void Released(Delivery ticket)
    {
        if (ReferenceEquals(ticket, _ticket))
        {
            _ticket = null;
        }

        EndIfStopping();
    }

    private void Begin(SlotRead read)
    {
        if (!ReferenceEquals(read.Session, _session) || _ticket is not { } ticket)
        {
            // The session that it is of is over.
            _ = read.Delivery?.ReturnAsync();
            return;
        }

        if (read.Delivery is not { } delivery)
        {
            // Somebody was here before: the newest is done, or being done.
            _ = ticket.AckAsync();
            Released(ticket);
            return;
        }

        if (_stopping)
        {
            _ = delivery.ReturnAsync();
            Released(ticket);
            return;
        }

        JobMessage message;
        try
        {
            message = WireJson.Read<JobMessage>(delivery.Body);
        }
        catch (JsonException exception)
        {
            WireLog.Unreadable(_logger, "a slot", exception.Message.ReplaceLineEndings(" "));
            _ = delivery.RejectAsync();
            _ = ticket.AckAsync();
            Released(ticket);
            return;
        }

        Begin(new WorkerJob(message, delivery, ticket, _time.GetTimestamp()), read.Session);
    }
}
