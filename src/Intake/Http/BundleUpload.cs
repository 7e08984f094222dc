using CurvatureMonitor.Actors.Tensors;
using CurvatureMonitor.Intake.Runs;
using CurvatureMonitor.Storage.Bundles;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace CurvatureMonitor.Intake.Http;

/// <summary>
/// <c>PUT /api/runs/{run}</c>: a run's manifest, model and probe set. They are received aside, looked at, and put in
/// place by one rename.
/// </summary>
internal sealed class BundleUpload(IntakeService service) : IDisposable
{
    private const string ModelPart = "model.pt";
    private const string LossPart = "loss.pt";
    private const long LargestManifest = 1 << 20;

    // Two requests for one name must not both find it free.
    private readonly SemaphoreSlim _placing = new(1, 1);

    internal async Task<IResult> PutAsync(HttpContext context, string run)
    {
        string staging = Path.Combine(service.Data.Staging, Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(staging);
        try
        {
            await ReceiveAsync(context, staging).ConfigureAwait(false);
            var bundle = Look(staging, run);

            // Before it is put in place: what cannot be measured is not kept, and is not met again at the next start.
            var description = await service.DescribeAsync(bundle, context.RequestAborted).ConfigureAwait(false);
            await _placing.WaitAsync(context.RequestAborted).ConfigureAwait(false);
            try
            {
                return await Task.Run(() => Place(bundle, run, description)).ConfigureAwait(false);
            }
            finally
            {
                _placing.Release();
            }
        }
        finally
        {
            if (Directory.Exists(staging))
            {
                Directory.Delete(staging, recursive: true);
            }
        }
    }

    public void Dispose() => _placing.Dispose();

    private async Task ReceiveAsync(HttpContext context, string staging)
    {
        if (
            !MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            || HeaderUtilities.RemoveQuotes(type.Boundary).Value is not { Length: > 0 and <= 200 } boundary
        )
        {
            throw new IntakeProblem(
                StatusCodes.Status415UnsupportedMediaType,
                "Not multipart/form-data",
                $"send the parts '{RunManifest.FileName}', '{ModelPart}' and '{ProbeSet.FileName}' as "
                    + $"multipart/form-data"
            );
        }

        var reader = new MultipartReader(boundary, context.Request.Body);
        while (await NextAsync(reader, context.RequestAborted).ConfigureAwait(false) is { } section)
        {
            string name = NameOf(section);
            long limit = name == RunManifest.FileName ? LargestManifest : service.Options.MaximumUpload;
            string path = Path.Combine(staging, name);
            if (File.Exists(path))
            {
                throw IntakeProblem.BadRequest("A part twice", $"the part '{name}' was sent twice: send each once");
            }

            await Upload
                .ToFileAsync(section.Body, path, limit, $"the part '{name}'", context.RequestAborted)
                .ConfigureAwait(false);
        }
    }

    private static async Task<MultipartSection?> NextAsync(MultipartReader reader, CancellationToken cancellation)
    {
        try
        {
            return await reader.ReadNextSectionAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception exception)
            when (exception is InvalidDataException
                || (exception is IOException && !cancellation.IsCancellationRequested)
            )
        {
            throw IntakeProblem.BadRequest(
                "Malformed multipart/form-data",
                $"the body ends or breaks before its last part does ({exception.Message.ReplaceLineEndings(" ")})"
            );
        }
    }

    // The names of parts are a short list: no name from outside becomes a path.
    private static string NameOf(MultipartSection section)
    {
        string? name = ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)
            ? HeaderUtilities.RemoveQuotes(disposition.Name).Value
            : null;
        return name is RunManifest.FileName or ModelPart or LossPart or ProbeSet.FileName
            ? name
            : throw IntakeProblem.BadRequest(
                "Unknown part",
                $"parts are '{RunManifest.FileName}', '{ModelPart}', '{ProbeSet.FileName}', and '{LossPart}' for a "
                    + "loss of the run's own"
            );
    }

    private static RunBundle Look(string staging, string run)
    {
        foreach (
            string part in new[] { RunManifest.FileName, ProbeSet.FileName }.Where(part =>
                !File.Exists(Path.Combine(staging, part))
            )
        )
        {
            throw IntakeProblem.BadRequest("A part is missing", $"the part '{part}' is missing: send it");
        }

        // The manifest may name any file inside a bundle, but over HTTP there is this one.
        var manifest = RunManifest.Read(Path.Combine(staging, RunManifest.FileName));
        if (manifest.Model is TorchScriptModelReference { File: not ModelPart } other)
        {
            throw IntakeProblem.Unusable(
                $"{RunManifest.FileName}: 'model.file' is '{other.File}'; over HTTP name it {ModelPart}"
            );
        }

        if (manifest.Loss.File is { } loss && loss != LossPart)
        {
            throw IntakeProblem.Unusable(
                $"{RunManifest.FileName}: 'loss.file' is '{loss}'; over HTTP name it {LossPart}"
            );
        }

        if (manifest.Run != run)
        {
            throw IntakeProblem.BadRequest(
                "Another run's bundle",
                $"{RunManifest.FileName} is of run '{manifest.Run}', and the address of '{run}': send it to its own "
                    + $"address"
            );
        }

        return RunBundle.Open(staging);
    }

    private IResult Place(RunBundle sent, string run, BundleDescription? description)
    {
        string place = service.Data.BundlePath(run);
        if (RunBundle.Exists(place))
        {
            return Resume(sent, RunBundle.Open(place), description);
        }

        if (service.Find(run) is { HasEnded: false } other)
        {
            throw IntakeProblem.Conflict(
                $"a run '{run}' is under way in the watched folder {Path.GetFileName(other.Bundle.Directory)}: give "
                    + $"this run another name"
            );
        }

        // A folder without run.json is what a kill in the middle of a removal left.
        if (Directory.Exists(place))
        {
            Directory.Delete(place, recursive: true);
        }

        Directory.Move(sent.Directory, place);
        try
        {
            service.Start(RunBundle.Open(place), description);
        }
        catch
        {
            Directory.Delete(place, recursive: true);
            throw;
        }

        return new IntakeAnswer(IntakeAnswer.Running, run).ToResult(StatusCodes.Status201Created);
    }

    private IResult Resume(RunBundle sent, RunBundle known, BundleDescription? description)
    {
        string run = known.Manifest.Run;
        if (sent.Identity() != known.Identity())
        {
            throw IntakeProblem.Conflict(
                $"a run '{run}' with another manifest, model or probe set is kept here: give this run another name"
            );
        }

        // A trainer that says who it is continues, even if it, or another before it, said that it was done.
        if (service.Find(run) is not { HasEnded: false, IsFinished: false })
        {
            if (service.Find(run) is { HasEnded: false })
            {
                throw IntakeProblem.Conflict(
                    $"the run '{run}' is being brought to its end: try again when its last checkpoint is measured"
                );
            }

            known.WriteFinish(null);
            service.Start(known, description);
        }

        return new IntakeAnswer(IntakeAnswer.Running, run).ToResult(StatusCodes.Status200OK);
    }
}
