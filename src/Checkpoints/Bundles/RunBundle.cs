using System.Globalization;
using System.Security.Cryptography;
using CurvatureMonitor.Checkpoints.Safetensors;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Checkpoints.Bundles;

/// <summary>
/// A run on disk: <c>run.json</c>, the model, the probe set, and the checkpoints, each of them a safetensors file that
/// its JSON file commits. Every file appears by rename, <c>run.json</c> and a checkpoint's JSON last, so that whoever
/// finds those finds the rest complete.
/// </summary>
public sealed class RunBundle
{
    private const string CheckpointFolder = "checkpoints";
    private const string StepPrefix = "step-";
    private const string TensorsSuffix = ".safetensors";
    private const string CommitSuffix = ".json";

    private RunBundle(string directory, RunManifest manifest)
    {
        Directory = directory;
        Manifest = manifest;
    }

    /// <summary>The bundle's folder.</summary>
    public string Directory { get; }

    /// <summary>The content of <c>run.json</c>.</summary>
    public RunManifest Manifest { get; }

    /// <summary>The TorchScript file; null for a built-in model.</summary>
    public string? ModelPath =>
        Manifest.Model is TorchScriptModelReference model ? Path.Combine(Directory, model.File) : null;

    /// <summary>The file of the probe set.</summary>
    public string ProbePath => Path.Combine(Directory, ProbeSet.FileName);

    /// <summary>
    /// The files of what a run is, apart from its checkpoints: <c>run.json</c>, the model where it has a file, the
    /// probe set.
    /// </summary>
    public IReadOnlyList<string> Files =>
        ModelPath is { } model
            ? [Path.Combine(Directory, RunManifest.FileName), model, ProbePath]
            : [Path.Combine(Directory, RunManifest.FileName), ProbePath];

    /// <summary>Whether a folder is a complete bundle.</summary>
    public static bool Exists(string directory) => File.Exists(Path.Combine(directory, RunManifest.FileName));

    /// <summary>Opens a bundle: reads <c>run.json</c>, and sees that model and probe set are there.</summary>
    /// <param name="directory">The bundle's folder.</param>
    /// <exception cref="BundleException">A file is absent or says something that is not valid.</exception>
    public static RunBundle Open(string directory)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        if (!System.IO.Directory.Exists(directory))
        {
            throw new BundleException(directory, null, "is not a directory", "give the folder of a run bundle");
        }

        string manifest = Path.Combine(directory, RunManifest.FileName);
        if (!File.Exists(manifest))
        {
            throw new BundleException(
                directory,
                null,
                $"has no {RunManifest.FileName}",
                "give the folder of a run bundle (docs/bundles.md tells what it holds)"
            );
        }

        BundlePath.RequireInside(directory, manifest);
        var bundle = new RunBundle(directory, RunManifest.Read(manifest));
        if (bundle.ModelPath is { } model && !File.Exists(model))
        {
            throw new BundleException(model, null, "is missing", $"write the model that {RunManifest.FileName} names");
        }

        if (!File.Exists(bundle.ProbePath))
        {
            throw new BundleException(
                bundle.ProbePath,
                null,
                "is missing",
                "write the tensors 'inputs' and 'targets' to it"
            );
        }

        foreach (string file in bundle.Files)
        {
            BundlePath.RequireInside(directory, file);
        }

        return bundle;
    }

    /// <summary>Makes a bundle without checkpoints; <c>run.json</c> is written last.</summary>
    /// <param name="directory">The folder; it is made where needed, and must hold no bundle yet.</param>
    /// <param name="manifest">The content of <c>run.json</c>.</param>
    /// <param name="probe">The probe set.</param>
    /// <param name="model">The model to save where the manifest names a TorchScript file; null where it names a
    /// built-in one.</param>
    /// <exception cref="BundleException">The folder holds a bundle, or cannot be written.</exception>
    /// <exception cref="ArgumentException"> The model is given where the manifest names a built-in one or the reverse,
    /// the targets do not suit the loss, or the run's name is not valid. </exception>
    /// <exception cref="TorchException">The model cannot be saved.</exception>
    public static RunBundle Create(string directory, RunManifest manifest, ProbeSet probe, ScriptModel? model = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(probe);
        Check(manifest, probe, model);
        if (Exists(directory))
        {
            throw new BundleException(
                directory,
                null,
                "already holds a run bundle",
                "choose another folder or remove it"
            );
        }

        try
        {
            System.IO.Directory.CreateDirectory(Path.Combine(directory, CheckpointFolder));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BundleException(
                directory,
                null,
                $"cannot be made ({e.Message})",
                "choose a folder that may be written",
                e
            );
        }

        var bundle = new RunBundle(directory, manifest);
        if (model is not null)
        {
            System.IO.Directory.CreateDirectory(Path.GetDirectoryName(bundle.ModelPath!)!);
            string unfinished = bundle.ModelPath + AtomicFile.UnfinishedSuffix;
            model.Save(unfinished);
            File.Move(unfinished, bundle.ModelPath!, overwrite: true);
        }

        probe.Write(bundle.ProbePath);
        manifest.Write(Path.Combine(directory, RunManifest.FileName));
        return bundle;
    }

    /// <summary>Removes what writers that were stopped left in a folder that nobody writes to now.</summary>
    /// <param name="directory">The bundle's folder.</param>
    public static void RemoveUnfinished(string directory)
    {
        foreach (
            string folder in new[] { directory, Path.Combine(directory, CheckpointFolder) }.Where(
                System.IO.Directory.Exists
            )
        )
        {
            foreach (string left in System.IO.Directory.EnumerateFiles(folder, "*" + AtomicFile.UnfinishedSuffix))
            {
                AtomicFile.TryDelete(left);
            }
        }
    }

    /// <summary>
    /// What says whether two bundles are of the same run: a hash of <c>run.json</c>, model and probe set.
    /// </summary>
    /// <exception cref="BundleException">A file cannot be read.</exception>
    public string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string file in Files)
        {
            try
            {
                using var stream = new FileStream(
                    file,
                    FileMode.Open,
                    FileAccess.Read,
                    FileShare.ReadWrite | FileShare.Delete
                );
                hash.AppendData(SHA256.HashData(stream));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new BundleException(
                    file,
                    null,
                    $"cannot be read ({e.Message})",
                    "check that it exists and may be read",
                    e
                );
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Whether and how the run has ended; null where more checkpoints may come.</summary>
    /// <exception cref="BundleException"><c>finished.json</c> is not valid.</exception>
    public FinishMark? ReadFinish() =>
        File.Exists(FinishPath) ? FinishMark.Read(JsonFields.ReadFile(FinishPath)) : null;

    /// <summary>Says that no more checkpoints come, or, with null, that they may.</summary>
    /// <exception cref="BundleException">The file cannot be written.</exception>
    public void WriteFinish(FinishMark? mark)
    {
        if (mark is null)
        {
            AtomicFile.TryDelete(FinishPath);
        }
        else
        {
            AtomicFile.Write(FinishPath, mark.Write);
        }
    }

    /// <summary>Reads the probe set.</summary>
    /// <exception cref="BundleException">It is malformed, or its targets do not suit the loss.</exception>
    public ProbeSet ReadProbe() => ProbeSet.Read(ProbePath, Manifest.Loss);

    /// <summary>The steps of the committed checkpoints, ascending.</summary>
    /// <exception cref="BundleException">The folder cannot be read.</exception>
    public IReadOnlyList<long> CheckpointSteps()
    {
        string folder = Path.Combine(Directory, CheckpointFolder);
        try
        {
            return !System.IO.Directory.Exists(folder)
                ? []
                :
                [
                    .. System
                        .IO.Directory.EnumerateFiles(folder, $"{StepPrefix}*{CommitSuffix}")
                        .Select(ParseStep)
                        .OfType<long>()
                        .Order(),
                ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BundleException(
                folder,
                null,
                $"cannot be read ({e.Message})",
                "check the folder and its permissions",
                e
            );
        }
    }

    /// <summary>Whether a checkpoint is committed.</summary>
    public bool HasCheckpoint(long step) => File.Exists(CommitPath(step));

    /// <summary>The file that holds the tensors of a step, whether it is there or not.</summary>
    public string TensorsPath(long step) => Path.Combine(Directory, CheckpointFolder, StepName(step) + TensorsSuffix);

    /// <summary>
    /// The files of a checkpoint that are there: its tensors, in one file or in several with their index, and its JSON
    /// file, which commits them.
    /// </summary>
    /// <param name="step">Its step.</param>
    /// <exception cref="BundleException">A link leads out of the bundle.</exception>
    public IReadOnlyList<string> CheckpointFiles(long step)
    {
        string tensors = TensorsPath(step);
        List<string> files =
        [
            tensors,
            .. File.Exists(tensors) ? [] : TensorFiles.Parts(tensors),
            tensors + TensorFiles.IndexSuffix,
            CommitPath(step),
        ];
        files.RemoveAll(file => !File.Exists(file));
        files.ForEach(file => BundlePath.RequireInside(Directory, file));
        return files;
    }

    /// <summary>The same run with its checkpoints in another folder, which needs not have its other files.</summary>
    /// <param name="directory">The folder.</param>
    public RunBundle WithCheckpointsIn(string directory)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        return new RunBundle(directory, Manifest);
    }

    /// <summary>Reads what a checkpoint's JSON file says.</summary>
    /// <exception cref="BundleException">It is absent or not valid.</exception>
    public CheckpointInfo ReadCheckpointInfo(long step)
    {
        BundlePath.RequireInside(Directory, CommitPath(step));
        return CheckpointJson.Read(CommitPath(step), Manifest.Run, step);
    }

    /// <summary>Reads a checkpoint.</summary>
    /// <param name="step">Its step.</param>
    /// <param name="layout">The layout of the run's model, by which the tensors are named, shaped and ordered.</param>
    /// <param name="type">The element type to hold it in; null for float64 where the file has any, else
    /// float32.</param>
    /// <returns>A handle, which the caller disposes.</returns>
    /// <exception cref="BundleException"> A file is absent or malformed, or a tensor is missing, unexpected, mis-shaped
    /// or of the wrong type. Numbers that are not finite are no error here: see <see cref="Checkpoint.FindNonFinite"/>.
    /// </exception>
    public Checkpoint ReadCheckpoint(long step, CheckpointLayout layout, ElementType? type = null)
    {
        ArgumentNullException.ThrowIfNull(layout);
        CheckpointInfo info = ReadCheckpointInfo(step);
        BundlePath.RequireInside(Directory, TensorsPath(step));
        using TensorFiles file = TensorFiles.Open(TensorsPath(step));
        return CheckpointTensors.Read(file, layout, info, type);
    }

    /// <summary>Writes a checkpoint of this run; an earlier one of that step is replaced.</summary>
    /// <exception cref="ArgumentException">The checkpoint belongs to another run.</exception>
    /// <exception cref="BundleException">A file cannot be written.</exception>
    public void WriteCheckpoint(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        if (checkpoint.Run != Manifest.Run)
        {
            throw new ArgumentException(
                $"a checkpoint of run '{checkpoint.Run}' does not belong to run '{Manifest.Run}'",
                nameof(checkpoint)
            );
        }

        // Where a step is written again, the old commit must not vouch for the new tensors.
        RemoveCommit(checkpoint.Step);
        System.IO.Directory.CreateDirectory(Path.Combine(Directory, CheckpointFolder));
        SafetensorsWriter.WriteFile(TensorsPath(checkpoint.Step), CheckpointTensors.Contents(checkpoint));
        AtomicFile.Write(CommitPath(checkpoint.Step), stream => CheckpointJson.Write(checkpoint.Info, stream));
    }

    /// <summary>Reads what a trainer says of a checkpoint, in the form of its JSON file.</summary>
    /// <param name="json">The text in UTF-8.</param>
    /// <param name="source">What to call it in messages.</param>
    /// <param name="step">The step that it must be of.</param>
    /// <param name="now">Its time where it tells none.</param>
    /// <exception cref="BundleException">It is not valid.</exception>
    public CheckpointInfo ParseCheckpointInfo(
        ReadOnlyMemory<byte> json,
        string source,
        long step,
        DateTimeOffset now
    ) => CheckpointJson.Read(JsonFields.Parse(json, source), Manifest.Run, step, now);

    /// <summary>A new name beside the checkpoints, to write tensors to before they are committed.</summary>
    public string UnfinishedPath(long step)
    {
        System.IO.Directory.CreateDirectory(Path.Combine(Directory, CheckpointFolder));
        return $"{TensorsPath(step)}.{Guid.NewGuid():N}{AtomicFile.UnfinishedSuffix}";
    }

    /// <summary>
    /// Sees by its header that a file of tensors is a checkpoint of a model; its numbers are not read.
    /// </summary>
    /// <param name="tensors">The file.</param>
    /// <param name="layout">The layout of the run's model.</param>
    /// <exception cref="BundleException">It is malformed, or a tensor is missing, unexpected, mis-shaped or of the
    /// wrong type.</exception>
    public static void CheckTensors(string tensors, CheckpointLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        using TensorFiles file = TensorFiles.Open(tensors);
        CheckpointTensors.Check(file, layout);
    }

    /// <summary>
    /// The most bytes that a file of a model's checkpoint has reason to take: everything as float64, tied tensors
    /// repeated, and a header.
    /// </summary>
    public static long LargestCheckpoint(CheckpointLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        const long header = 1 << 24;
        return header + (sizeof(double) * ((3L * layout.ParameterCount) + (2L * layout.BufferCount)));
    }

    /// <summary>Commits a checkpoint whose tensors were written to a file of this folder.</summary>
    /// <param name="tensors">The file, which is renamed.</param>
    /// <param name="info">What is known beside the tensors.</param>
    /// <exception cref="BundleException">A file cannot be written.</exception>
    public void CommitCheckpoint(string tensors, CheckpointInfo info)
    {
        ArgumentNullException.ThrowIfNull(info);
        RemoveCommit(info.Step);
        try
        {
            File.Move(tensors, TensorsPath(info.Step), overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BundleException(
                TensorsPath(info.Step),
                null,
                $"cannot be written ({e.Message})",
                "check the folder, its permissions and the space left",
                e
            );
        }

        AtomicFile.Write(CommitPath(info.Step), stream => CheckpointJson.Write(info, stream));
    }

    /// <summary>Removes a checkpoint, its commit first.</summary>
    /// <returns>Whether it was there.</returns>
    /// <exception cref="BundleException">Its files cannot be removed.</exception>
    public bool RemoveCheckpoint(long step)
    {
        bool existed = RemoveCommit(step);
        string tensors = TensorsPath(step);
        foreach (string file in TensorFiles.Parts(tensors).Append(tensors).Append(tensors + TensorFiles.IndexSuffix))
        {
            AtomicFile.TryDelete(file);
        }

        return existed;
    }

    private static void Check(RunManifest manifest, ProbeSet probe, ScriptModel? model)
    {
        if (!RunName.IsValid(manifest.Run))
        {
            throw new ArgumentException($"'{manifest.Run}' is no name for a run: {RunName.Rule}", nameof(manifest));
        }

        if (manifest.Model is TorchScriptModelReference != model is not null)
        {
            throw new ArgumentException(
                "a model is saved where, and only where, the manifest names a TorchScript file",
                nameof(model)
            );
        }

        if (manifest.Model is TorchScriptModelReference script && !TorchScriptModelReference.IsInside(script.File))
        {
            throw new ArgumentException($"'{script.File}' is not a file inside the bundle", nameof(manifest));
        }

        if (probe.Loss != manifest.Loss)
        {
            throw new ArgumentException(
                $"the probe set has targets for {probe.Loss} where the manifest has {manifest.Loss}",
                nameof(probe)
            );
        }
    }

    // Only the name that a step is given counts: step-1.json would be a second name for step-00000001.json.
    private static long? ParseStep(string path)
    {
        string name = Path.GetFileName(path);
        string digits = name[StepPrefix.Length..^CommitSuffix.Length];
        return
            long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long step)
            && StepName(step) + CommitSuffix == name
            ? step
            : null;
    }

    private static string StepName(long step) => string.Create(CultureInfo.InvariantCulture, $"{StepPrefix}{step:D8}");

    private string FinishPath => Path.Combine(Directory, FinishMark.FileName);

    private string CommitPath(long step) => Path.Combine(Directory, CheckpointFolder, StepName(step) + CommitSuffix);

    private bool RemoveCommit(long step)
    {
        string path = CommitPath(step);
        try
        {
            if (!File.Exists(path))
            {
                return false;
            }

            File.Delete(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BundleException(path, null, $"cannot be removed ({e.Message})", "check its permissions", e);
        }
    }
}
