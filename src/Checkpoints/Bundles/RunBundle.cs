using System.Globalization;
using CurvatureMonitor.Checkpoints.Safetensors;
using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Checkpoints.Bundles;

/// <summary>
/// A run on disk: <c>run.json</c>, the model, the probe set, and the checkpoints, each of them a safetensors file that its JSON file commits. Every file
/// appears by rename, <c>run.json</c> and a checkpoint's JSON last, so that whoever finds those finds the rest complete.
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
    public string? ModelPath => Manifest.Model is TorchScriptModelReference model ? Path.Combine(Directory, model.File) : null;

    /// <summary>The file of the probe set.</summary>
    public string ProbePath => Path.Combine(Directory, ProbeSet.FileName);

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
            throw new BundleException(directory, null, $"has no {RunManifest.FileName}", "give the folder of a run bundle (docs/bundles.md tells what it holds)");
        }

        var bundle = new RunBundle(directory, RunManifest.Read(manifest));
        if (bundle.ModelPath is { } model && !File.Exists(model))
        {
            throw new BundleException(model, null, "is missing", $"write the model that {RunManifest.FileName} names");
        }

        if (!File.Exists(bundle.ProbePath))
        {
            throw new BundleException(bundle.ProbePath, null, "is missing", "write the tensors 'inputs' and 'targets' to it");
        }

        return bundle;
    }

    /// <summary>Makes a bundle without checkpoints; <c>run.json</c> is written last.</summary>
    /// <param name="directory">The folder; it is made where needed, and must hold no bundle yet.</param>
    /// <param name="manifest">The content of <c>run.json</c>.</param>
    /// <param name="probe">The probe set.</param>
    /// <param name="model">The model to save where the manifest names a TorchScript file; null where it names a built-in one.</param>
    /// <exception cref="BundleException">The folder holds a bundle, or cannot be written.</exception>
    /// <exception cref="ArgumentException">
    /// The model is given where the manifest names a built-in one or the reverse, the targets do not suit the loss, or the run's name is not valid.
    /// </exception>
    /// <exception cref="TorchException">The model cannot be saved.</exception>
    public static RunBundle Create(string directory, RunManifest manifest, ProbeSet probe, ScriptModel? model = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(probe);
        Check(manifest, probe, model);
        if (Exists(directory))
        {
            throw new BundleException(directory, null, "already holds a run bundle", "choose another folder or remove it");
        }

        try
        {
            System.IO.Directory.CreateDirectory(Path.Combine(directory, CheckpointFolder));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BundleException(directory, null, $"cannot be made ({e.Message})", "choose a folder that may be written", e);
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
                : [.. System.IO.Directory.EnumerateFiles(folder, $"{StepPrefix}*{CommitSuffix}").Select(ParseStep).OfType<long>().Order()];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BundleException(folder, null, $"cannot be read ({e.Message})", "check the folder and its permissions", e);
        }
    }

    /// <summary>Whether a checkpoint is committed.</summary>
    public bool HasCheckpoint(long step) => File.Exists(CommitPath(step));

    /// <summary>The file that holds the tensors of a step, whether it is there or not.</summary>
    public string TensorsPath(long step) => Path.Combine(Directory, CheckpointFolder, StepName(step) + TensorsSuffix);

    /// <summary>Reads what a checkpoint's JSON file says.</summary>
    /// <exception cref="BundleException">It is absent or not valid.</exception>
    public CheckpointInfo ReadCheckpointInfo(long step) => CheckpointJson.Read(CommitPath(step), Manifest.Run, step);

    /// <summary>Reads a checkpoint.</summary>
    /// <param name="step">Its step.</param>
    /// <param name="layout">The layout of the run's model, by which the tensors are named, shaped and ordered.</param>
    /// <param name="type">The element type to hold it in; null for float64 where the file has any, else float32.</param>
    /// <returns>A handle, which the caller disposes.</returns>
    /// <exception cref="BundleException">
    /// A file is absent or malformed, or a tensor is missing, unexpected, mis-shaped or of the wrong type. Numbers that are not finite are no error here:
    /// see <see cref="Checkpoint.FindNonFinite"/>.
    /// </exception>
    public Checkpoint ReadCheckpoint(long step, CheckpointLayout layout, ElementType? type = null)
    {
        ArgumentNullException.ThrowIfNull(layout);
        CheckpointInfo info = ReadCheckpointInfo(step);
        using SafetensorsFile file = SafetensorsFile.Open(TensorsPath(step));
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
            throw new ArgumentException($"a checkpoint of run '{checkpoint.Run}' does not belong to run '{Manifest.Run}'", nameof(checkpoint));
        }

        // Where a step is written again, the old commit must not vouch for the new tensors.
        RemoveCommit(checkpoint.Step);
        System.IO.Directory.CreateDirectory(Path.Combine(Directory, CheckpointFolder));
        SafetensorsWriter.WriteFile(TensorsPath(checkpoint.Step), CheckpointTensors.Contents(checkpoint));
        AtomicFile.Write(CommitPath(checkpoint.Step), stream => CheckpointJson.Write(checkpoint.Info, stream));
    }

    /// <summary>Removes a checkpoint, its commit first.</summary>
    /// <returns>Whether it was there.</returns>
    /// <exception cref="BundleException">Its files cannot be removed.</exception>
    public bool RemoveCheckpoint(long step)
    {
        bool existed = RemoveCommit(step);
        AtomicFile.TryDelete(TensorsPath(step));
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
            throw new ArgumentException("a model is saved where, and only where, the manifest names a TorchScript file", nameof(model));
        }

        if (manifest.Model is TorchScriptModelReference script && !TorchScriptModelReference.IsInside(script.File))
        {
            throw new ArgumentException($"'{script.File}' is not a file inside the bundle", nameof(manifest));
        }

        if (probe.Loss != manifest.Loss)
        {
            throw new ArgumentException($"the probe set has targets for {probe.Loss} where the manifest has {manifest.Loss}", nameof(probe));
        }
    }

    // Only the name that a step is given counts: step-1.json would be a second name for step-00000001.json.
    private static long? ParseStep(string path)
    {
        string name = Path.GetFileName(path);
        string digits = name[StepPrefix.Length..^CommitSuffix.Length];
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long step) && StepName(step) + CommitSuffix == name ? step : null;
    }

    private static string StepName(long step) => string.Create(CultureInfo.InvariantCulture, $"{StepPrefix}{step:D8}");

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
