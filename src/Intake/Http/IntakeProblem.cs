using Microsoft.AspNetCore.Http;

namespace CurvatureMonitor.Intake.Http;

/// <summary>A request that cannot be done; it becomes an answer in <c>application/problem+json</c>.</summary>
/// <param name="status">The status code.</param>
/// <param name="title">What is wrong, the same for every such problem.</param>
/// <param name="detail">One line: what, where, how to mend it.</param>
internal sealed class IntakeProblem(int status, string title, string detail) : Exception(detail)
{
    internal int Status { get; } = status;

    internal string Title { get; } = title;

    internal IResult ToResult() => Results.Problem(statusCode: Status, title: Title, detail: Message);

    internal static IntakeProblem BadRequest(string title, string detail) =>
        new(StatusCodes.Status400BadRequest, title, detail);

    internal static IntakeProblem TooLarge(string what, long limit) =>
        new(
            StatusCodes.Status413PayloadTooLarge,
            "Too large",
            $"{what} has more than the {limit} bytes that are allowed: send what the run's model asks for, or raise "
                + $"the server's limit"
        );

    internal static IntakeProblem Unavailable(string detail) =>
        new(StatusCodes.Status503ServiceUnavailable, "Not now", detail);

    internal static IntakeProblem Conflict(string detail) => new(StatusCodes.Status409Conflict, "Conflict", detail);

    internal static IntakeProblem Unusable(string detail) =>
        new(StatusCodes.Status422UnprocessableEntity, "Cannot be used", detail);
}
