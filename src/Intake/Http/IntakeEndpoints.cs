using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Intake.Runs;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Storage.Journals;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace CurvatureMonitor.Intake.Http;

/// <summary>
/// What trainers call over HTTP (docs/serve.md). Whatever is wrong is answered as one problem in one line; the server
/// continues.
/// </summary>
internal static class IntakeEndpoints
{
    private const int LargestFinish = 1 << 16;

    internal static void Map(
        IEndpointRouteBuilder routes,
        IntakeService service,
        string? token,
        TimeProvider? clock = null
    )
    {
        var bearer = token is null ? null : new BearerToken(token);
        var bundles = new BundleUpload(service);
        var checkpoints = new CheckpointUpload(service, clock ?? TimeProvider.System);

        routes.MapPut("/api/runs/{run}", (HttpContext context, string run) =>
            Answer(context, run, name => bundles.PutAsync(context, name))
        );
        routes.MapPut("/api/runs/{run}/checkpoints/{step}", (HttpContext context, string run, string step) =>
            Answer(context, run, name => checkpoints.PutAsync(context, Running(name), step))
        );
        routes.MapPost("/api/runs/{run}/finish", (HttpContext context, string run) =>
            Answer(context, run, name => FinishAsync(context, Known(name)))
        );

        Task<IResult> Answer(HttpContext context, string routed, Func<string, Task<IResult>> action) =>
            GuardedAsync(
                context,
                () =>
                {
                    if (bearer?.IsShownBy(context.Request) == false)
                    {
                        context.Response.Headers.WWWAuthenticate = "Bearer";
                        throw new IntakeProblem(
                            StatusCodes.Status401Unauthorized,
                            "Token needed",
                            "send the header 'Authorization: Bearer TOKEN' with the server's token"
                        );
                    }

                    // The limits are the model's, checked byte by byte; the server's own would be one for all.
                    context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = null;
                    string name = RunPath.NameIn(context.Features.Get<IHttpRequestFeature>()?.RawTarget, routed);
                    return !RunName.IsValid(name)
                            ? throw IntakeProblem.BadRequest("Bad name", $"that is no name for a run: {RunName.Rule}")
                        : service.IsReady ? action(name)
                        : throw IntakeProblem.Unavailable("the server is starting: try again in a moment");
                },
                service.Data
            );

        IntakeRun Known(string name) =>
            service.Find(name)
            ?? throw new IntakeProblem(
                StatusCodes.Status404NotFound,
                "No such run",
                $"no run '{name}' is under way here: PUT its bundle first"
            );

        IntakeRun Running(string name) =>
            Known(name) is { HasEnded: false } run ? run : throw CheckpointUpload.Over(Known(name));

        async Task<IResult> FinishAsync(HttpContext context, IntakeRun run)
        {
            var mark = await ReadMarkAsync(context).ConfigureAwait(false);
            string state = mark.Failed ? IntakeAnswer.Failed : IntakeAnswer.Finished;
            if (!service.IsOwned(run.Bundle))
            {
                throw IntakeProblem.Conflict(
                    $"the run '{run.Name}' comes from a watched folder: write {FinishMark.FileName} there"
                );
            }

            if (!run.HasEnded && !run.IsFinished)
            {
                run.Bundle.WriteFinish(mark);
                run.Finish(mark);
            }

            return new IntakeAnswer(state, run.Name).ToResult(StatusCodes.Status200OK);
        }
    }

    private static async Task<FinishMark> ReadMarkAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        byte[] buffer = new byte[4096];
        int read;
        while ((read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted).ConfigureAwait(false)) > 0)
        {
            body.Write(buffer, 0, read);
            if (body.Length > LargestFinish)
            {
                throw IntakeProblem.TooLarge("the body", LargestFinish);
            }
        }

        return body.Length == 0 ? new FinishMark(false) : FinishMark.Parse(body.ToArray(), "the body");
    }

    private static async Task<IResult> GuardedAsync(HttpContext context, Func<Task<IResult>> action, DataDirectory data)
    {
        try
        {
            return await action().ConfigureAwait(false);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be answered.
            return Results.Empty;
        }
        catch (Exception failure) when (FailureAnswers.Of(failure, data.Hide) is { } problem)
        {
            return problem.ToResult();
        }
    }
}
