using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Storage.Bundles;

/// <summary>The content of <c>run.json</c>: what a run is, and how its curvature is to be measured.</summary>
/// <param name="Run">The run's name; see <see cref="RunName"/>.</param>
/// <param name="Model">Where the model comes from.</param>
/// <param name="Loss">The loss, with its options.</param>
/// <param name="BatchNorm">The batch-norm mode.</param>
/// <param name="MicroBatch">The number b of probe samples that are passed through the model at once.</param>
public sealed record RunManifest(
    string Run,
    ModelReference Model,
    LossDescription Loss,
    BatchNormMode BatchNorm,
    int MicroBatch
)
{
    /// <summary>The version of the format that this program reads and writes.</summary>
    public const int Schema = 1;

    /// <summary>The file's name in a bundle.</summary>
    public const string FileName = "run.json";

    /// <summary>What tells this run from others of its name; null where it is not told.</summary>
    public string? Id { get; init; }

    /// <summary>The names of the parameters that are trained, the others being constants; null where all are.</summary>
    public IReadOnlyList<string>? Parameters { get; init; }

    /// <summary>
    /// The names of the probe set's inputs, in the order of the arguments of the model's forward; null where it has one
    /// without a name.
    /// </summary>
    public IReadOnlyList<string>? Inputs { get; init; }

    /// <summary>
    /// What measurements do with the program's casts to types of less precision; null where the writer does not tell
    /// whether it has any, which are then done without.
    /// </summary>
    public AutocastMode? Autocast { get; init; }

    /// <summary>What is known of the training.</summary>
    public TrainingDescription Training { get; init; } = new();

    /// <summary>How the run asks to be measured while it is watched.</summary>
    public MonitoringDescription Monitoring { get; init; } = new();

    /// <summary>
    /// Reads a manifest. Keys that this version does not know are passed over; those that it knows must have the right
    /// type and range, and <c>schema</c>, <c>run</c>, <c>model</c>, <c>loss</c>, <c>batch_norm</c> and
    /// <c>micro_batch</c> must be there.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BundleException">The file is absent, or what it says is not valid; the message names the key
    /// and the remedy.</exception>
    public static RunManifest Read(string path) => RunManifestJson.Read(JsonFields.ReadFile(path));

    /// <summary>Reads a manifest from JSON text.</summary>
    /// <param name="json">The text in UTF-8.</param>
    /// <param name="source">What to call it in messages.</param>
    /// <exception cref="BundleException">It is not valid; the message names the key and the remedy.</exception>
    public static RunManifest Parse(ReadOnlyMemory<byte> json, string source) =>
        RunManifestJson.Read(JsonFields.Parse(json, source));

    /// <summary>Writes the manifest; the file appears whole, by rename.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BundleException">The file cannot be written.</exception>
    public void Write(string path) => AtomicFile.Write(path, stream => RunManifestJson.Write(this, stream));
}
