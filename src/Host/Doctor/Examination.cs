using System.Globalization;
using System.Runtime.InteropServices;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Host.Doctor;

/// <summary>What this machine has and lacks for measuring curvature.</summary>
internal static class Examination
{
    private static readonly (string Subject, string Program, string? VersionArgument, string Use)[] OptionalTools =
    [
        ("Prometheus", "prometheus", "--version", "stores and queries the metrics (package prometheus)"),
        ("promtool", "promtool", "--version", "checks metrics and rules (package prometheus)"),
        ("Alertmanager", "prometheus-alertmanager", "--version", "routes alerts (package prometheus-alertmanager)"),
        ("Chromium", "chromium", "--version", "draws the page in tests (package chromium)"),
    ];

    internal static async Task<IReadOnlyList<CheckResult>> RunAsync(CancellationToken cancellation)
    {
        var findings = new List<CheckResult> { new(".NET", Verdict.Good, RuntimeInformation.FrameworkDescription) };
        findings.AddRange(Engine());
        foreach (var (subject, program, argument, use) in OptionalTools)
        {
            findings.Add(await ToolAsync(subject, program, argument, use, cancellation).ConfigureAwait(false));
        }

        return findings;
    }

    private static IEnumerable<CheckResult> Engine()
    {
        CheckResult? broken = null;
        try
        {
            _ = TorchRuntime.Version;
        }
        catch (Exception exception)
            when (exception is DllNotFoundException or TypeInitializationException or BadImageFormatException)
        {
            broken = new CheckResult(
                "libtorch",
                Verdict.Broken,
                $"the native library does not load: {FirstLine(exception)}"
            );
        }

        if (broken is not null)
        {
            return [broken];
        }

        return
        [
            new CheckResult(
                "libtorch",
                TorchRuntime.Remark is null ? Verdict.Good : Verdict.Warning,
                $"{TorchRuntime.Version}, {TorchRuntime.LibraryPath ?? "from an unknown place"}"
                    + (TorchRuntime.Remark is { } remark ? $"; {remark}" : string.Empty)
            ),
            Devices(),
            new CheckResult(
                "Threads",
                Verdict.Good,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{TorchRuntime.Threads} an operation by default, {Environment.ProcessorCount} cores; training and "
                        + $"measuring share the cores"
                )
            ),
        ];
    }

    private static CheckResult Devices()
    {
        const string subject = "Devices";
        if (!TorchRuntime.HasCuda)
        {
            return new CheckResult(
                subject,
                Verdict.Good,
                "cpu (this libtorch has no CUDA; TORCH_DEVICE=cuda ./curvature builds with one that has)"
            );
        }

        return TorchRuntime.CudaDevices > 0
            ? new CheckResult(
                subject,
                Verdict.Good,
                string.Create(CultureInfo.InvariantCulture, $"cpu and {TorchRuntime.CudaDevices} CUDA device(s)")
            )
            : new CheckResult(
                subject,
                Verdict.Warning,
                "cpu (this libtorch has CUDA, and finds no device: is NVIDIA's driver loaded, and "
                    + "CUDA_VISIBLE_DEVICES not empty?)"
            );
    }

    private static async Task<CheckResult> ToolAsync(
        string subject,
        string program,
        string? argument,
        string use,
        CancellationToken cancellation
    )
    {
        string? path = ToolSearch.Find(program);
        if (path is null)
        {
            return new CheckResult(subject, Verdict.Absent, $"optional: {use}");
        }

        string? version = argument is null
            ? null
            : await ToolSearch.VersionAsync(path, argument, cancellation).ConfigureAwait(false);
        return new CheckResult(subject, Verdict.Good, version ?? path);
    }

    private static string FirstLine(Exception exception) =>
        (exception.InnerException ?? exception).Message.Split('\n')[0];
}
