using Microsoft.AspNetCore.Http;

namespace CurvatureMonitor.Intake.Http;

/// <summary>What a trainer is answered when all is well.</summary>
/// <param name="State">What has become of what it sent: <c>accepted</c>, <c>superseded</c>, <c>running</c>,
/// <c>finished</c>, <c>failed</c>.</param>
/// <param name="Run">The run's name.</param>
/// <param name="Step">The step, where one is concerned.</param>
internal sealed record IntakeAnswer(string State, string Run, long? Step = null)
{
    internal const string Accepted = "accepted";
    internal const string Superseded = "superseded";
    internal const string Running = "running";
    internal const string Finished = "finished";
    internal const string Failed = "failed";

    internal IResult ToResult(int status) => Results.Json(this, IntakeJson.Default.IntakeAnswer, statusCode: status);
}
