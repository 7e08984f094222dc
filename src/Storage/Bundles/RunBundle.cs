using System.Security.Cryptography;
using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Storage.Bundles;

/// <summary>
/// A run on disk: <c>run.json</c>, the model, the probe set, and the checkpoints, each of them a safetensors file that
/// its JSON file commits. Every file appears by rename, <c>run.json</c> and a checkpoint's JSON last, so that whoever
/// finds those finds the rest complete.
/// </summary>
public sealed partial class RunBundle
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

    /// <summary>The TorchScript file of the loss; null where it needs none.</summary>
    public string? LossPath => Manifest.Loss.File is { } file ? Path.Combine(Directory, file) : null;

    /// <summary>The file of the probe set.</summary>
    public string ProbePath => Path.Combine(Directory, ProbeSet.FileName);

    /// <summary>
    /// The files of what a run is, apart from its checkpoints: <c>run.json</c>, the model and the loss where they have
    /// a file, the probe set.
    /// </summary>
    public IReadOnlyList<string> Files =>
        [
            Path.Combine(Directory, RunManifest.FileName),
            .. new[] { ModelPath, LossPath }.OfType<string>().Distinct(StringComparer.Ordinal),
            ProbePath,
        ];

    /// <summary>The same bundle, measured otherwise than its manifest says.</summary>
    /// <param name="autocast">What is done with the program's casts to types of less precision.</param>
    public RunBundle Measured(AutocastMode autocast) => new(Directory, Manifest with { Autocast = autocast });

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

        if (bundle.LossPath is { } loss && !File.Exists(loss))
        {
            throw new BundleException(loss, null, "is missing", $"write the loss that {RunManifest.FileName} names");
        }

        if (!File.Exists(bundle.ProbePath))
        {
            throw new BundleException(
                bundle.ProbePath,
                null,
                "is missing",
                bundle.Manifest.Inputs is null
                    ? "write the tensors 'inputs' and 'targets' to it"
                    : "write the inputs that run.json names, inputs.NAME each, and 'targets' to it"
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
    /// <param name="saveModel">Writes the model to a path where the manifest names a TorchScript file; null where it
    /// names a built-in one.</param>
    /// <exception cref="BundleException">The folder holds a bundle, or cannot be written.</exception>
    /// <exception cref="ArgumentException"> The model is given where the manifest names a built-in one or the reverse,
    /// the targets do not suit the loss, or the run's name is not valid. </exception>
    public static RunBundle Create(
        string directory,
        RunManifest manifest,
        ProbeSet probe,
        Action<string>? saveModel = null
    )
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(probe);
        Check(manifest, probe, saveModel is not null);
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
        if (saveModel is not null)
        {
            System.IO.Directory.CreateDirectory(Path.GetDirectoryName(bundle.ModelPath!)!);
            string unfinished = bundle.ModelPath + AtomicFile.UnfinishedSuffix;
            saveModel(unfinished);
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
            hash.AppendData(FileDigest.Of(file).Sha256);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>
    /// What says whether a training that is taken up again is the same run: a hash as <see cref="Fingerprint"/>,
    /// without what may be another when it is (hyper-parameters, the run's number).
    /// </summary>
    /// <exception cref="BundleException">A file cannot be read.</exception>
    public string Identity()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(RunManifestJson.Identity(Path.Combine(Directory, RunManifest.FileName)));
        foreach (string file in Files.Skip(1))
        {
            hash.AppendData(FileDigest.Of(file).Sha256);
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
    public ProbeSet ReadProbe() => ProbeSet.Read(ProbePath, Manifest.Loss, Manifest.Inputs);

    /// <summary>The same run with its checkpoints in another folder, which needs not have its other files.</summary>
    /// <param name="directory">The folder.</param>
    public RunBundle WithCheckpointsIn(string directory)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        return new RunBundle(directory, Manifest);
    }

    private static void Check(RunManifest manifest, ProbeSet probe, bool savesModel)
    {
        if (!RunName.IsValid(manifest.Run))
        {
            throw new ArgumentException($"'{manifest.Run}' is no name for a run: {RunName.Rule}", nameof(manifest));
        }

        if (manifest.Model is TorchScriptModelReference != savesModel)
        {
            throw new ArgumentException(
                "a model is saved where, and only where, the manifest names a TorchScript file",
                nameof(savesModel)
            );
        }

        if (manifest.Model is TorchScriptModelReference script && !TorchScriptModelReference.IsInside(script.File))
        {
            throw new ArgumentException($"'{script.File}' is not a file inside the bundle", nameof(manifest));
        }

        string?[] names = [.. manifest.Inputs ?? [null!]];
        if (!probe.Inputs.Select(input => input.Name).SequenceEqual(names))
        {
            throw new ArgumentException(
                $"the probe set has the inputs {probe.InputText}, which are not those of the manifest",
                nameof(probe)
            );
        }

        if (manifest.Loss.IsPlain && probe.Loss != manifest.Loss.Kind)
        {
            throw new ArgumentException(
                $"the probe set has targets for {probe.Loss} where the manifest has {manifest.Loss}",
                nameof(probe)
            );
        }
    }

    private string FinishPath => Path.Combine(Directory, FinishMark.FileName);
}
