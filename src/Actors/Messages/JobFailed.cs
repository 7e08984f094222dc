using CurvatureMonitor.Contracts.Jobs;

namespace CurvatureMonitor.Actors.Messages;

/// <summary>A job ended without a measurement. The run goes on.</summary>
/// <param name="Id">Which.</param>
/// <param name="Reason">Why.</param>
/// <param name="Message">One line for a person.</param>
/// <param name="Seconds">What it cost, all attempts together.</param>
/// <param name="Attempts">How often it was tried.</param>
public sealed record JobFailed(JobId Id, JobFailureReason Reason, string Message, double Seconds, int Attempts);
