using System.Globalization;
using System.Text;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Intake.Runs;
using CurvatureMonitor.Storage;
using CurvatureMonitor.Storage.Bundles;
using Microsoft.AspNetCore.Http;

namespace CurvatureMonitor.Intake.Http;

/// <summary>
/// <c>PUT /api/runs/{run}/checkpoints/{step}</c>: a safetensors file, with what its JSON file would say in the header
/// <c>X-Checkpoint</c>. The trainer never waits for a measurement: what came too late is answered as superseded.
/// </summary>
internal sealed class CheckpointUpload(IntakeService service, TimeProvider time)
{
    /// <summary>The header that holds the checkpoint's JSON.</summary>
    internal const string Header = "X-Checkpoint";

    internal async Task<IResult> PutAsync(HttpContext context, IntakeRun run, string stepText)
    {
        long step = ParseStep(stepText);
        var info = ParseInfo(context.Request, run, step);
        long limit = RunBundle.LargestCheckpoint(run.Handle.Layout);
        string what = $"the checkpoint of step {step}";
        if (context.Request.ContentLength > limit)
        {
            throw IntakeProblem.TooLarge(what, limit);
        }

        bool known = run.Uses.Knows(step);
        bool kept = File.Exists(run.Bundle.TensorsPath(step));
        if (!known && run.Uses.Newest > step)
        {
            await Upload.DrainAsync(context.Request.Body, limit, what, context.RequestAborted).ConfigureAwait(false);
            run.Superseded(step);
            return Answer(run, step, IntakeAnswer.Superseded);
        }

        if (known && !kept)
        {
            // It came before, and its files need not be kept any more.
            await Upload.DrainAsync(context.Request.Body, limit, what, context.RequestAborted).ConfigureAwait(false);
            return Answer(run, step, IntakeAnswer.Superseded);
        }

        if (!known && !service.HasRoomFor(context.Request.ContentLength ?? limit))
        {
            throw new IntakeProblem(
                StatusCodes.Status507InsufficientStorage,
                "No room",
                $"checkpoints take the {service.Options.Retention.MaximumBytes} bytes that are allowed: raise "
                    + $"--max-disk, or send fewer"
            );
        }

        return await ReceiveAsync(context, run, info, limit, what).ConfigureAwait(false);
    }

    private async Task<IResult> ReceiveAsync(
        HttpContext context,
        IntakeRun run,
        CheckpointInfo info,
        long limit,
        string what
    )
    {
        string unfinished = run.Bundle.UnfinishedPath(info.Step);
        try
        {
            await Upload
                .ToFileAsync(context.Request.Body, unfinished, limit, what, context.RequestAborted)
                .ConfigureAwait(false);
            RunBundle.CheckTensors(unfinished, run.Handle.Layout, info);
            await run.Committing.WaitAsync(context.RequestAborted).ConfigureAwait(false);
            try
            {
                return await CommitAsync(run, info, unfinished, context.RequestAborted).ConfigureAwait(false);
            }
            finally
            {
                run.Committing.Release();
            }
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private async Task<IResult> CommitAsync(
        IntakeRun run,
        CheckpointInfo info,
        string unfinished,
        CancellationToken cancellation
    )
    {
        string place = run.Bundle.TensorsPath(info.Step);
        if (run.Bundle.HasCheckpoint(info.Step))
        {
            return await Upload.AreEqualAsync(unfinished, place, cancellation).ConfigureAwait(false)
                ? new IntakeAnswer(IntakeAnswer.Accepted, run.Name, info.Step).ToResult(StatusCodes.Status200OK)
                : throw IntakeProblem.Conflict(
                    $"step {info.Step} of run '{run.Name}' was sent before with other tensors: a checkpoint never "
                        + $"changes; give a resumed training another run name, or later steps"
                );
        }

        if (run.HasEnded || run.IsFinished)
        {
            throw Over(run);
        }

        run.Bundle.CommitCheckpoint(unfinished, info);
        run.Arrived(info.Step);
        service.MarkForSweep();
        return Answer(run, info.Step, IntakeAnswer.Accepted);
    }

    /// <summary>The answer to a checkpoint of a run that has been brought to its end.</summary>
    internal static IntakeProblem Over(IntakeRun run) =>
        IntakeProblem.Conflict($"the run '{run.Name}' has been finished: PUT its bundle again to go on with it");

    private static IResult Answer(IntakeRun run, long step, string state) =>
        new IntakeAnswer(state, run.Name, step).ToResult(StatusCodes.Status202Accepted);

    private static long ParseStep(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long step)
        && step.ToString(CultureInfo.InvariantCulture) == text
            ? step
            : throw IntakeProblem.BadRequest(
                "Bad step",
                "a step is a whole number from 0, written without zeros before it"
            );

    private CheckpointInfo ParseInfo(HttpRequest request, IntakeRun run, long step)
    {
        var values = request.Headers[Header];
        if (values.Count != 1 || string.IsNullOrWhiteSpace(values[0]))
        {
            throw IntakeProblem.BadRequest(
                "Header missing",
                $"send the header {Header} once, with the checkpoint's JSON such as {{\"step\": {step}}}"
            );
        }

        try
        {
            return run.Bundle.ParseCheckpointInfo(Encoding.UTF8.GetBytes(values[0]!), Header, step, time.GetUtcNow());
        }
        catch (BundleException exception)
        {
            throw IntakeProblem.BadRequest("Bad header", exception.Message);
        }
    }
}
