using Akka.Actor;
using RabbitMQ.Client.Exceptions;

namespace CurvatureMonitor.Cluster.Connection;

/// <summary>
/// Keeps a connection to the broker for the actor above it: builds connection, channels and consumers, asks the broker
/// now and then whether the consumers are still there, and builds all of it again, after a growing delay, when any part
/// is lost. There is at most one session at a time.
/// </summary>
internal sealed class BrokerLink : ReceiveActor, IWithTimers, IDisposable
{
    private readonly LinkSettings _settings;
    private readonly CancellationTokenSource _ending = new();
    private BrokerSession? _session;
    private bool _ready;
    private int _failures;
    private bool _wasReady;

    public BrokerLink(LinkSettings settings)
    {
        _settings = settings;
        Receive<ConnectDue>(_ => Open());
        Receive<Opened>(Start);
        Receive<Consuming>(consuming => Ready(consuming.Session));
        Receive<OpenFailed>(Failed);
        Receive<Lost>(lost => Drop(lost.Session, lost.Reason));
        Receive<Blocked>(Block);
        Receive<CheckDue>(_ => CheckConsumers());
        Receive<Checked>(found => Report(found.Session));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public void Dispose() => _ending.Dispose();

    protected override void PreStart()
    {
        _settings.Metrics?.ReportBus(_settings.Role, connected: false, consumers: null);
        Open();
    }

    protected override void PostStop()
    {
        _ending.Cancel();
        var ended = _settings.Ended;
        _ = (_session?.CloseAsync() ?? Task.CompletedTask).ContinueWith(
            _ => ended?.TrySetResult(),
            TaskScheduler.Default
        );
        _settings.Metrics?.ReportBus(_settings.Role, connected: false, consumers: null);
    }

    private void Open()
    {
        var self = Self;
        OpenAsync().PipeTo(self, failure: exception => new OpenFailed(null, exception));

        async Task<object> OpenAsync()
        {
            var session = await BrokerSession
                .OpenAsync(
                    _settings.Address,
                    _settings.ClientName,
                    (lost, reason) => self.Tell(new Lost(lost, reason), ActorRefs.NoSender),
                    (owner, blocked) => self.Tell(new Blocked(owner, blocked), ActorRefs.NoSender),
                    _ending.Token
                )
                .ConfigureAwait(false);
            try
            {
                await session.DeclareAsync(_settings.Declare, _ending.Token).ConfigureAwait(false);
                return new Opened(session);
            }
            catch
            {
                await session.CloseAsync().ConfigureAwait(false);
                throw;
            }
        }
    }

    private void Start(Opened opened)
    {
        var session = _session = opened.Session;

        // Before the consumers, so that the owner knows the session that the first delivery is of.
        Context.Parent.Tell(new LinkUp(session));
        ConsumeAsync().PipeTo(Self, failure: exception => new OpenFailed(session, exception));

        async Task<object> ConsumeAsync()
        {
            await _settings.Consume(session, _ending.Token).ConfigureAwait(false);
            return new Consuming(session);
        }
    }

    private void Ready(BrokerSession session)
    {
        if (!ReferenceEquals(session, _session))
        {
            return;
        }

        (_ready, _failures) = (true, 0);
        if (_wasReady)
        {
            _settings.Metrics?.BusReconnected(_settings.Role);
        }

        _wasReady = true;
        Report(session);
        LinkLog.Connected(_settings.Logger, _settings.Address);
        Timers.StartPeriodicTimer(CheckDue.Instance, CheckDue.Instance, _settings.Check);
        Context.Parent.Tell(new LinkReady(session));
    }

    private void Report(BrokerSession session)
    {
        if (ReferenceEquals(session, _session))
        {
            _settings.Metrics?.ReportBus(_settings.Role, connected: true, session.Consumed.Count);
        }
    }

    private void Failed(OpenFailed failed)
    {
        if (failed.Session is { } session)
        {
            Drop(session, Reason(failed.Exception));
        }
        else
        {
            LinkLog.NotConnected(
                _settings.Logger,
                _settings.Address,
                BrokerAddressFailure.Of(_settings.Address, failed.Exception).Reason
            );
            Retry();
        }
    }

    private void Drop(BrokerSession session, string reason)
    {
        _ = session.CloseAsync();
        if (!ReferenceEquals(session, _session))
        {
            return;
        }

        (_session, _ready) = (null, false);
        Timers.Cancel(CheckDue.Instance);
        _settings.Metrics?.ReportBus(_settings.Role, connected: false, consumers: null);
        LinkLog.Lost(_settings.Logger, _settings.Address, reason);
        Context.Parent.Tell(new LinkDown(session, reason));
        Retry();
    }

    private void Retry()
    {
        double factor = Math.Pow(2, Math.Min(_failures++, 16)) * (1 + (0.5 * Random.Shared.NextDouble()));
        var delay = _settings.FirstDelay * factor;
        Timers.StartSingleTimer(
            ConnectDue.Instance,
            ConnectDue.Instance,
            delay < _settings.LongestDelay ? delay : _settings.LongestDelay
        );
    }

    private void Block(Blocked blocked)
    {
        if (ReferenceEquals(blocked.Session, _session))
        {
            LinkLog.Blocked(
                _settings.Logger,
                _settings.Address,
                blocked.IsBlocked ? "takes no messages: its memory or disk is used up" : "takes messages again"
            );
            Context.Parent.Tell(new LinkBlocked(blocked.Session, blocked.IsBlocked));
        }
    }

    /// <summary>A consumer can be gone without a word; a queue without any says so.</summary>
    private void CheckConsumers()
    {
        if (_session is { } session && _ready)
        {
            CheckAsync()
                .PipeTo(
                    Self,
                    success: gone => gone is null ? new Checked(session) : new Lost(session, gone),
                    failure: exception => new Lost(session, Reason(exception))
                );
        }

        async Task<string?> CheckAsync()
        {
            foreach (string queue in session.Consumed)
            {
                if (await session.InspectAsync(queue, _ending.Token).ConfigureAwait(false) is not { Consumers: > 0 })
                {
                    return $"nobody consumes from {queue} any more";
                }
            }

            return null;
        }
    }

    private static string Reason(Exception exception) =>
        exception switch
        {
            BrokerUnreachableException { InnerException: { } inner } => Reason(inner),
            OperationInterruptedException { ShutdownReason.ReplyText: { Length: > 0 } text } => text,
            _ => exception.Message.ReplaceLineEndings(" "),
        };

    private sealed record Opened(BrokerSession Session) : INoSerializationVerificationNeeded;

    private sealed record Consuming(BrokerSession Session) : INoSerializationVerificationNeeded;

    private sealed record OpenFailed(BrokerSession? Session, Exception Exception) : INoSerializationVerificationNeeded;

    private sealed record Lost(BrokerSession Session, string Reason) : INoSerializationVerificationNeeded;

    private sealed record Blocked(BrokerSession Session, bool IsBlocked) : INoSerializationVerificationNeeded;

    private sealed record Checked(BrokerSession Session) : INoSerializationVerificationNeeded;
}
