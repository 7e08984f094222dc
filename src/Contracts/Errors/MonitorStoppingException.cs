namespace CurvatureMonitor.Contracts.Errors;

/// <summary>
/// The monitor takes no new runs because it is stopping. Endpoints answer it as 503: the same request succeeds when the
/// monitor is back.
/// </summary>
public sealed class MonitorStoppingException() : Exception("the monitor is stopping");
