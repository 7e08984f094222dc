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

    /// <summary>The header that tells how many bytes of that JSON stand before the tensors in its place.</summary>
    internal const string LengthHeader = "X-Checkpoint-Length";

    private const int LongestInfo = 1 << 20;

    internal async Task<IResult> PutAsync(HttpContext context, IntakeRun run, string stepText)
    {
        long step = ParseStep(stepText);
        var info = await ParseInfoAsync(context, run, step).ConfigureAwait(false);
        long limit = RunBundle.LargestCheckpoint(run.Handle.Layout);
        string what = $"the checkpoint of step {step}";
        if (context.Request.ContentLength - (ParseLength(context.Request) ?? 0) > limit)
        {
            throw IntakeProblem.TooLarge(what, limit);
        }

        var verdict = run.Judge(info);
        if (verdict == WriterSessions.Verdict.IsOld)
        {
            throw TakenOver(run);
        }

        if (verdict == WriterSessions.Verdict.Branches)
        {
            return await ReceiveAsync(context, run, info, limit, what).ConfigureAwait(false);
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
        var verdict = run.Judge(info);
        if (verdict == WriterSessions.Verdict.IsOld)
        {
            throw TakenOver(run);
        }

        if (verdict == WriterSessions.Verdict.Branches && !run.HasEnded && !run.IsFinished)
        {
            run.BeginBranch(info.Step);
            foreach (long left in run.Bundle.CheckpointSteps().Where(left => left >= info.Step))
            {
                run.Bundle.RemoveCheckpoint(left);
            }
        }

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
        run.Arrived(info);
        service.MarkForSweep();
        return Answer(run, info.Step, IntakeAnswer.Accepted);
    }

    /// <summary>The answer to a checkpoint of a run that has been brought to its end.</summary>
    internal static IntakeProblem Over(IntakeRun run) =>
        IntakeProblem.Conflict($"the run '{run.Name}' has been finished: PUT its bundle again to go on with it");

    private static IntakeProblem TakenOver(IntakeRun run) =>
        new(
            StatusCodes.Status409Conflict,
            "Taken over",
            $"another training has taken the run '{run.Name}' over: give one of the two another name"
        );

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

    private async Task<CheckpointInfo> ParseInfoAsync(HttpContext context, IntakeRun run, long step)
    {
        ReadOnlyMemory<byte> json;
        if (ParseLength(context.Request) is { } length)
        {
            // A model of many names: what is too long for a header goes before the tensors.
            byte[] text = new byte[length];
            await context.Request.Body.ReadExactlyAsync(text, context.RequestAborted).ConfigureAwait(false);
            json = text;
        }
        else
        {
            var values = context.Request.Headers[Header];
            if (values.Count != 1 || string.IsNullOrWhiteSpace(values[0]))
            {
                throw IntakeProblem.BadRequest(
                    "Header missing",
                    $"send the header {Header} once, with the checkpoint's JSON such as {{\"step\": {step}}}"
                );
            }

            json = Encoding.UTF8.GetBytes(values[0]!);
        }

        try
        {
            return run.Bundle.ParseCheckpointInfo(json, Header, step, time.GetUtcNow());
        }
        catch (BundleException exception)
        {
            throw IntakeProblem.BadRequest("Bad header", exception.Message);
        }
    }

    private static int? ParseLength(HttpRequest request)
    {
        var values = request.Headers[LengthHeader];
        return values.Count == 0 ? null
            : int.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out int length)
            && values.Count == 1
            && length <= LongestInfo
                ? length
            : throw IntakeProblem.BadRequest(
                "Bad header",
                $"{LengthHeader} is the number of bytes of JSON that stand before the tensors, at most {LongestInfo}"
            );
    }
}
