using CurvatureMonitor.Contracts.Errors;

namespace CurvatureMonitor.Host.Server;

/// <summary>
/// The server cannot listen where it was asked to. The message is one line: what, where, how to mend it.
/// </summary>
internal sealed class MonitorServerException(string message, Exception inner)
    : UserErrorException(message, cause: inner);
