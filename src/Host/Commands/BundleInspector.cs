using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CurvatureMonitor.Actors.Tensors;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Host.Isolation;
using CurvatureMonitor.Intake.Runs;
using CurvatureMonitor.Storage;
using CurvatureMonitor.Storage.Bundles;

namespace CurvatureMonitor.Host.Commands;

/// <summary>
/// Opens bundles in a process each, so that a model that hangs, crashes or takes all memory costs its own run and
/// nothing else. What was found is kept for the next start, under the content of the bundle.
/// </summary>
/// <param name="folder">Where descriptions are kept.</param>
/// <param name="options">The options of the command line that say how runs are measured.</param>
/// <param name="limits">What a process may use.</param>
/// <param name="time">The clock.</param>
internal sealed class BundleInspector(
    string folder,
    IReadOnlyList<string> options,
    MeasuringLimits limits,
    TimeProvider time
) : IBundleInspector, IDisposable
{
    // One that hangs leaves room for another.
    private const int AtOnce = 2;
    private const long LargestDescription = 1 << 26;

    private readonly SemaphoreSlim _room = new(AtOnce);

    /// <inheritdoc/>
    public async Task<BundleDescription?> InspectAsync(RunBundle bundle, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        string kept = Path.Combine(folder, Key(bundle) + ".json");
        if (Read(kept) is { } known)
        {
            return known;
        }

        await _room.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            Directory.CreateDirectory(folder);
            await RunAsync(bundle, kept, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _room.Release();
        }

        return Read(kept)
            ?? throw new BundleException(
                bundle.Directory,
                null,
                "was opened, but what it holds was not written down",
                $"see that {folder} can be written, and that the model writes no files"
            );
    }

    /// <inheritdoc/>
    public void Dispose() => _room.Dispose();

    private async Task RunAsync(RunBundle bundle, string kept, CancellationToken cancellation)
    {
        var errors = new StringWriter();
        var process = new MeasuringProcess(limits, time, errors);
        var end = await process
            .RunAsync(
                [InspectCommand.Name, bundle.Directory, InspectCommand.Target, kept, .. options],
                cancellation
            )
            .ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        if (new MeasuringReport(limits, errors).CodeOf(end) == ExitCodes.Done)
        {
            return;
        }

        string said = LastLine(errors.ToString()) ?? "cannot be opened; see the log";
        if (CrashText.IsOfMemory(said) || end.Errors.SpeaksOfMemory)
        {
            throw new DerivativeException(DerivativeErrorKind.OutOfMemory, Named(said));
        }

        throw new UserErrorException(Named(said));

        // What a file has wrong names the file; how a process ended does not.
        string Named(string line) =>
            line.Contains(bundle.Directory, StringComparison.Ordinal) ? line : $"{bundle.Directory}: {line}";
    }

    private static string? LastLine(string text)
    {
        string? line = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .LastOrDefault();
        return line is not null && line.StartsWith(FailureReport.Prefix, StringComparison.Ordinal)
            ? line[FailureReport.Prefix.Length..]
            : line;
    }

    // Another version, type or device may find something else.
    private string Key(RunBundle bundle)
    {
        string version = typeof(BundleInspector).Module.ModuleVersionId.ToString("N");
        string text = string.Join('\n', [bundle.Identity(), version, .. options]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
    }

    private static BundleDescription? Read(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: <= LargestDescription }
                ? BundleDescription.Read(File.ReadAllBytes(path))
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            // It is found out anew.
            return null;
        }
    }
}
