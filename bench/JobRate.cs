namespace CurvatureMonitor.Bench;

/// <summary>Jobs a second, and the seconds of processor time that one took.</summary>
internal sealed record JobRate(double Jobs, double Host, double Workers);
