using System.Globalization;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Storage.Checkpoints;
using CurvatureMonitor.Storage.Safetensors;

namespace CurvatureMonitor.Storage.Bundles;

public sealed partial class RunBundle
{
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

    /// <summary>When what commits a checkpoint was written; a time long gone where there is none.</summary>
    public DateTime CommittedAt(long step) => File.GetLastWriteTimeUtc(CommitPath(step));

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
    /// <param name="info">What is known beside the tensors; null where that is nothing.</param>
    /// <exception cref="BundleException">It is malformed, or a tensor is missing, unexpected, mis-shaped or of the
    /// wrong type.</exception>
    public static void CheckTensors(string tensors, CheckpointLayout layout, CheckpointInfo? info = null)
    {
        ArgumentNullException.ThrowIfNull(layout);
        using TensorFiles file = TensorFiles.Open(tensors);
        CheckpointTensors.Check(file, layout, info);
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
