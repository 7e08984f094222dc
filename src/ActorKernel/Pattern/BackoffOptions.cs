using CurvatureMonitor.ActorKernel.Actor;

namespace CurvatureMonitor.ActorKernel.Pattern;

/// <summary>How a <see cref="BackoffSupervisor"/> behaves; from <see cref="Backoff"/>.</summary>
public sealed record BackoffOptions
{
    internal BackoffOptions(
        bool RestartsOnFailure,
        Props childProps,
        string childName,
        TimeSpan minBackoff,
        TimeSpan maxBackoff,
        double randomFactor,
        int maxNrOfRetries
    )
    {
        ArgumentNullException.ThrowIfNull(childProps);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(minBackoff, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBackoff, minBackoff);
        ArgumentOutOfRangeException.ThrowIfNegative(randomFactor);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(randomFactor, 1.0);
        OnFailure = RestartsOnFailure;
        ChildProps = childProps;
        ChildName = childName;
        MinBackoff = minBackoff;
        MaxBackoff = maxBackoff;
        RandomFactor = randomFactor;
        ResetAfter = minBackoff;
        Strategy = new OneForOneStrategy(maxNrOfRetries, -1, SupervisorStrategy.DefaultDecider.Decide);
    }

    internal bool OnFailure { get; }

    internal Props ChildProps { get; }

    internal string ChildName { get; }

    internal TimeSpan MinBackoff { get; }

    internal TimeSpan MaxBackoff { get; }

    internal double RandomFactor { get; }

    /// <summary>Null: only <see cref="BackoffSupervisor.Reset"/> resets.</summary>
    internal TimeSpan? ResetAfter { get; private init; }

    internal OneForOneStrategy Strategy { get; private init; }

    internal object? ReplyWhileStopped { get; private init; }

    internal Func<object, bool>? FinalStopMessage { get; private init; }

    /// <summary>
    /// The count of restarts goes back to 0 when the child has lived that long. Default: the shortest delay.
    /// </summary>
    public BackoffOptions WithAutoReset(TimeSpan resetBackoff) => this with { ResetAfter = resetBackoff };

    /// <summary>The count of restarts goes back to 0 only on <see cref="BackoffSupervisor.Reset"/>.</summary>
    public BackoffOptions WithManualReset() => this with { ResetAfter = null };

    /// <summary>What is done about failures; its limit of retries is the limit of starts in a row.</summary>
    public BackoffOptions WithSupervisorStrategy(OneForOneStrategy supervisorStrategy) =>
        this with
        {
            Strategy = supervisorStrategy,
        };

    /// <summary>Stops the child upon every failure.</summary>
    public BackoffOptions WithDefaultStoppingStrategy() =>
        this with
        {
            Strategy = new OneForOneStrategy(Strategy.MaxNumberOfRetries, -1, _ => Directive.Stop),
        };

    /// <summary>Most starts in a row before the supervisor stops itself; negative for no limit.</summary>
    public BackoffOptions WithMaxNrOfRetries(int maxNrOfRetries) =>
        this with
        {
            Strategy = Strategy.WithMaxNrOfRetries(maxNrOfRetries),
        };

    /// <summary>Answers messages with this while the child is down; otherwise they become dead letters.</summary>
    public BackoffOptions WithReplyWhileStopped(object replyWhileStopped) =>
        this with
        {
            ReplyWhileStopped = replyWhileStopped,
        };

    /// <summary>After such a message the stop of the child is final and the supervisor stops too.</summary>
    public BackoffOptions WithFinalStopMessage(Func<object, bool> isFinalStopMessage) =>
        this with
        {
            FinalStopMessage = isFinalStopMessage,
        };
}
