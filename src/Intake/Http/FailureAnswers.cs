using CurvatureMonitor.Actors.Failures;
using CurvatureMonitor.Contracts.Jobs;
using Microsoft.AspNetCore.Http;

namespace CurvatureMonitor.Intake.Http;

/// <summary>How failures of a request are answered.</summary>
internal static class FailureAnswers
{
    /// <summary>The answer to a failure; null for a bug, which the server logs and answers as 500 without a word of
    /// it.</summary>
    /// <param name="failure">The exception.</param>
    /// <param name="hide">Takes the server's own folders out of a message.</param>
    internal static IntakeProblem? Of(Exception failure, Func<string, string> hide) =>
        failure switch
        {
            IntakeProblem problem => problem,
            BadHttpRequestException bad => new IntakeProblem(bad.StatusCode, "Bad request", OneLine(bad)),
            IOException or UnauthorizedAccessException => new IntakeProblem(
                StatusCodes.Status507InsufficientStorage,
                "Cannot be kept",
                hide(failure.Message)
            ),
            _ => FailureClassifier.Classify(failure) switch
            {
                FailureKind.Stopping => IntakeProblem.Unavailable(
                    "the server is stopping: send it again when it is back"
                ),
                FailureKind.Measurement when FailureClassifier.ReasonOf(failure) is JobFailureReason.OutOfMemory =>
                    IntakeProblem.Unavailable($"the server has no memory for this run: {hide(failure.Message)}"),
                FailureKind.UserError or FailureKind.Measurement => IntakeProblem.Unusable(hide(failure.Message)),
                _ => null,
            },
        };

    private static string OneLine(Exception failure) => failure.Message.ReplaceLineEndings(" ");
}
