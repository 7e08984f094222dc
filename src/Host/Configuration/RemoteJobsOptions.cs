using CurvatureMonitor.Host.Configuration.Rules;

namespace CurvatureMonitor.Host.Configuration;

/// <summary>How a host gives its jobs to the workers of a cluster.</summary>
[Section("cluster")]
internal sealed class RemoteJobsOptions
{
    /// <summary>Workers a device of this machine.</summary>
    [Option(
        "--workers",
        "Processes of this machine that measure, for each device: a model that crashes, hangs or takes all memory ends "
            + "its worker, and another starts. 0 with --listen leaves all jobs to those who join."
    )]
    [WholeNumber(0, 1024)]
    public int Workers { get; set; } = 1;

    /// <summary>The devices of this machine that they measure on; that of the runs where null.</summary>
    [Option("--devices", "The devices of this machine, such as cuda:0,cuda:1; without it that of --device.")]
    [Devices]
    public string? Devices { get; set; }

    /// <summary>The address of this host as workers reach it; where it listens where null.</summary>
    [Option(
        "--public-url",
        "With --listen: the address of this host as workers reach it, such as http://host:9464; without it the one "
            + "that it listens on."
    )]
    [HttpUrl("http://host:9464")]
    public string? PublicUrl { get; set; }

    /// <summary>A folder that workers see under the same path; none where null.</summary>
    [Option(
        "--shared-dir",
        "With --listen: a folder that workers see under the same path; bundles in it are read there and not sent."
    )]
    public string? SharedDir { get; set; }

    /// <summary>The kind of device that jobs ask for; that of the run where null.</summary>
    [Option(
        "--worker-device",
        "With --listen: the kind of device that jobs ask for, cpu or cuda; without it that of --device."
    )]
    [Words<WorkerDeviceKind>]
    public string? WorkerDevice { get; set; }

    /// <summary>The devices of this machine that workers measure on, each once.</summary>
    /// <param name="compute">Says which where these options do not.</param>
    internal IReadOnlyList<string> DevicesOr(ComputeOptions compute) =>
        Devices is { } names ? DevicesAttribute.Names(names) : [compute.Device];
}
