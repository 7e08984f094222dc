namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>The clock of an actor system.</summary>
public interface IScheduler : ITellScheduler
{
    /// <summary>The time of day.</summary>
    DateTimeOffset Now { get; }

    /// <summary>Time since the system started; never goes back.</summary>
    TimeSpan MonotonicClock { get; }

    /// <summary>Runs actions.</summary>
    IAdvancedScheduler Advanced { get; }
}
