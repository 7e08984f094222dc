using System.Globalization;
using CurvatureMonitor.Host.Configuration.Rules;
using CurvatureMonitor.Storage.Transfer;

namespace CurvatureMonitor.Host.Configuration;

/// <summary>What a worker of a cluster is called, keeps and waits for.</summary>
[Section("worker")]
internal sealed class WorkerCommandOptions
{
    /// <summary>Its name; made of machine and process where null.</summary>
    [Option("--name", "The worker's name in lists and metrics; without it machine and process.")]
    [WorkerName]
    public string? Name { get; set; }

    /// <summary>Where files of jobs are kept; a folder of the user's own where null.</summary>
    [Option(
        "--cache-dir",
        "Where files of jobs are kept; workers of one machine may share it. Without it a folder of the user's own."
    )]
    public string? CacheDir { get; set; }

    /// <summary>Gigabytes that files of jobs may take.</summary>
    [Option("--cache-size", "Gigabytes that they may take.")]
    [Number(1e-6, 1e6)]
    public double CacheSize { get; set; } = 20;

    /// <summary>Seconds that a job may take.</summary>
    [Option("--job-timeout", "Seconds that a job may take; the process ends with exit code 75 where it takes longer.")]
    [Number(1, 1e6)]
    public double JobTimeout { get; set; } = 1800;

    /// <summary>Seconds that the job at hand is given when the worker is stopped.</summary>
    [Option(
        "--grace",
        "Seconds that the job at hand is given when the worker is stopped; then another worker gets it."
    )]
    [Number(0.1, 3000)]
    public double Grace { get; set; } = 3;

    /// <summary>Whether it runs as a child process.</summary>
    [Option("--supervise", "Run the worker as a child process, and start another when it crashes.")]
    public bool Supervise { get; set; }

    /// <summary>Whether it says what is wrong alone.</summary>
    [Option("--quiet", "Say what is wrong alone, for a host that starts its own workers.")]
    public bool Quiet { get; set; }

    /// <summary>The worker's name.</summary>
    internal string NameOrDefault =>
        Name ?? string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}-{Environment.ProcessId}");

    /// <summary>What the job at hand is given when the worker is stopped.</summary>
    internal TimeSpan StopGrace => TimeSpan.FromSeconds(Grace);

    /// <summary>Where files of jobs are kept.</summary>
    /// <param name="token">What hosts ask for; nothing where null.</param>
    internal ClaimCacheOptions Cache(string? token) =>
        new()
        {
            Directory = CacheDir ?? DefaultCacheDir(),
            MaximumBytes = (long)(CacheSize * 1e9),
            Token = token,
        };

    private static string DefaultCacheDir()
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        return Path.Combine(home.Length > 0 ? home : Path.GetTempPath(), "curvature", "worker-cache");
    }
}
