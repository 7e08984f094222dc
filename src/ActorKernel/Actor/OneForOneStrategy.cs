using CurvatureMonitor.ActorKernel.Actor.Internal;

namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>
/// The answer to a failure concerns the failed child alone. Restarts are counted per child: without a window the count
/// is never reset; with one it begins anew at the first failure after the window has passed; with a window and no limit
/// one restart a window is allowed. A restart refused is a stop.
/// </summary>
public sealed class OneForOneStrategy : SupervisorStrategy
{
    private readonly Func<Exception, Directive> _decider;
    private readonly TimeSpan? _window;

    /// <summary>No limit to restarts.</summary>
    public OneForOneStrategy(Func<Exception, Directive> localOnlyDecider)
        : this(-1, -1, localOnlyDecider) { }

    /// <summary>No limit to restarts.</summary>
    public OneForOneStrategy(IDecider decider)
        : this(-1, -1, (decider ?? throw new ArgumentNullException(nameof(decider))).Decide) { }

    /// <summary>At most so many restarts in a window.</summary>
    /// <param name="maxNrOfRetries">Most restarts; 0 for none, null for no limit.</param>
    /// <param name="withinTimeRange">Length of the window; null for none.</param>
    /// <param name="localOnlyDecider">Maps an exception to a directive.</param>
    public OneForOneStrategy(
        int? maxNrOfRetries,
        TimeSpan? withinTimeRange,
        Func<Exception, Directive> localOnlyDecider
    )
        : this(maxNrOfRetries ?? -1, withinTimeRange is { } range ? (int)range.TotalMilliseconds : -1, localOnlyDecider)
    { }

    /// <summary>At most so many restarts in a window.</summary>
    /// <param name="maxNrOfRetries">Most restarts; 0 for none, negative for no limit.</param>
    /// <param name="withinTimeMilliseconds">Length of the window; not positive for none.</param>
    /// <param name="localOnlyDecider">Maps an exception to a directive.</param>
    /// <param name="loggingEnabled">Whether failures are logged.</param>
    public OneForOneStrategy(
        int maxNrOfRetries,
        int withinTimeMilliseconds,
        Func<Exception, Directive> localOnlyDecider,
        bool loggingEnabled = true
    )
        : base(loggingEnabled)
    {
        ArgumentNullException.ThrowIfNull(localOnlyDecider);
        MaxNumberOfRetries = maxNrOfRetries;
        WithinTimeRangeMilliseconds = withinTimeMilliseconds;
        _decider = localOnlyDecider;
        _window = withinTimeMilliseconds > 0 ? TimeSpan.FromMilliseconds(withinTimeMilliseconds) : null;
    }

    /// <summary>Most restarts; negative for no limit.</summary>
    public int MaxNumberOfRetries { get; }

    /// <summary>Length of the window; not positive for none.</summary>
    public int WithinTimeRangeMilliseconds { get; }

    /// <summary>A copy with another limit.</summary>
    public OneForOneStrategy WithMaxNrOfRetries(int maxNrOfRetries) =>
        new(maxNrOfRetries, WithinTimeRangeMilliseconds, _decider, LoggingEnabled);

    /// <summary>A copy that asks another decider; kept from the public, which Akka.NET does not offer it.</summary>
    internal OneForOneStrategy WithDecider(Func<OneForOneStrategy, Exception, Directive> decider) =>
        new(MaxNumberOfRetries, WithinTimeRangeMilliseconds, cause => decider(this, cause), LoggingEnabled);

    internal Directive Decide(Exception cause) => _decider(cause);

    /// <inheritdoc/>
    protected override Directive Handle(IActorRef child, Exception exception) => _decider(exception);

    private protected override bool MayRestart(ChildStats stats, TimeProvider clock) =>
        stats.RequestRestartPermission(MaxNumberOfRetries, _window, clock);
}
