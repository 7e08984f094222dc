namespace CurvatureMonitor.Curvature.Tests.Support;

/// <summary>A clock that moves on by the same time whenever it is looked at.</summary>
internal sealed class StepClock : TimeProvider
{
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private long _looks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interval.Ticks * _looks++;
}
