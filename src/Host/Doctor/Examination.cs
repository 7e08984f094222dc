using System.Globalization;
using System.Runtime.InteropServices;
using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Host.Doctor;

/// <summary>What this machine has and lacks for measuring curvature.</summary>
internal static class Examination
{
    private static readonly (string Subject, string Program, string? VersionArgument, string Use)[] OptionalTools =
    [
        ("Prometheus", "prometheus", "--version", "stores and queries the metrics (package prometheus)"),
        ("promtool", "promtool", "--version", "checks metrics and rules (package prometheus)"),
        ("Alertmanager", "prometheus-alertmanager", "--version", "routes alerts (package prometheus-alertmanager)"),
        // RabbitMQ's own tools start an Erlang machine for a version: too slow to ask.
        ("RabbitMQ", "rabbitmq-server", null, "distributes work in a cluster (package rabbitmq-server)"),
        ("Chromium", "chromium", "--version", "draws the page in tests (package chromium)"),
    ];

    internal static async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellation)
    {
        var findings = new List<Finding> { new(".NET", Verdict.Good, RuntimeInformation.FrameworkDescription) };
        findings.AddRange(Engine());
        foreach (var (subject, program, argument, use) in OptionalTools)
        {
            findings.Add(await ToolAsync(subject, program, argument, use, cancellation).ConfigureAwait(false));
        }

        return findings;
    }

    private static IEnumerable<Finding> Engine()
    {
        Finding? broken = null;
        try
        {
            _ = TorchRuntime.Version;
        }
        catch (Exception exception)
            when (exception is DllNotFoundException or TypeInitializationException or BadImageFormatException)
        {
            broken = new Finding(
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
            new Finding("libtorch", Verdict.Good, TorchRuntime.Version),
            BlasFlavour.Judge(TorchRuntime.BlasLibrary, Environment.GetEnvironmentVariable("OMP_WAIT_POLICY")),
            Devices(),
            new Finding(
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

    private static Finding Devices() =>
        TorchRuntime.HasCuda
            ? new Finding(
                "Devices",
                Verdict.Good,
                string.Create(CultureInfo.InvariantCulture, $"cpu and {TorchRuntime.CudaDevices} CUDA device(s)")
            )
            : new Finding(
                "Devices",
                Verdict.Good,
                "cpu (this libtorch has no CUDA; LIBTORCH=… ./curvature builds against one that has)"
            );

    private static async Task<Finding> ToolAsync(
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
            return new Finding(subject, Verdict.Absent, $"optional: {use}");
        }

        string? version = argument is null
            ? null
            : await ToolSearch.VersionAsync(path, argument, cancellation).ConfigureAwait(false);
        return new Finding(subject, Verdict.Good, version ?? path);
    }

    private static string FirstLine(Exception exception) =>
        (exception.InnerException ?? exception).Message.Split('\n')[0];
}
