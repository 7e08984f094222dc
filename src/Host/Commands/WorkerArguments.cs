using System.CommandLine;
using System.Globalization;
using CurvatureMonitor.Cluster.Workers;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Storage.Transfer;
using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Host.Commands;

/// <summary>The options of <c>worker</c>, and what they come to.</summary>
internal sealed class WorkerArguments
{
    private readonly Option<string?> _name = new("--name")
    {
        Description = "The worker's name in lists and metrics; without it machine and process.",
    };
    private readonly Option<string> _device = new("--device")
    {
        Description = "cpu, cuda or cuda:N; one worker a device.",
        DefaultValueFactory = _ => "cpu",
    };
    private readonly Option<string?> _cache = new("--cache-dir")
    {
        Description = "Where files of jobs are kept; workers of one machine may share it.",
    };
    private readonly Option<double> _size = new("--cache-size")
    {
        Description = "Gigabytes that they may take.",
        DefaultValueFactory = _ => 20,
    };
    private readonly Option<int?> _threads = new("--threads")
    {
        Description = "Threads an operation of libtorch; without it one a core.",
    };
    private readonly Option<long?> _memory = new("--memory-budget")
    {
        Description = "Megabytes that a job may use; without it half of the machine's.",
    };
    private readonly Option<double> _timeout = new("--job-timeout")
    {
        Description = "Seconds that a job may take; the process ends with exit code 75 where it takes longer.",
        DefaultValueFactory = _ => 1800,
    };
    private readonly Option<double> _grace = new("--grace")
    {
        Description = "Seconds that the job at hand is given when the worker is stopped; then another worker gets it.",
        DefaultValueFactory = _ => 3,
    };
    private readonly Option<string?> _token = new("--token-file")
    {
        Description = $"A file with the token that hosts ask for; without it the environment's {AccessToken.Variable}.",
    };
    private readonly Option<bool> _supervise = new("--supervise")
    {
        Description = "Run the worker as a child process, and start another when it crashes.",
    };
    private readonly Option<bool> _supervised = new(WorkerSupervisor.ChildOption)
    {
        Description = "Ends with its supervisor.",
        Hidden = true,
    };

    internal BrokerArguments Broker { get; } = new(isRequired: true);

    internal IEnumerable<Option> Options =>
        [
            .. Broker.Options,
            _name,
            _device,
            _cache,
            _size,
            _threads,
            _memory,
            _timeout,
            _grace,
            _token,
            _supervise,
            _supervised,
        ];

    internal bool Supervises(ParseResult arguments) => arguments.GetValue(_supervise);

    internal bool IsSupervised(ParseResult arguments) => arguments.GetValue(_supervised);

    /// <summary>The worker's name.</summary>
    /// <exception cref="ArgumentException">It has other characters than it may.</exception>
    internal string Name(ParseResult arguments)
    {
        string name = arguments.GetValue(_name)
            ?? string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}-{Environment.ProcessId}");
        return
            name.Length is > 0 and <= 100
            && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_')
            ? name
            : throw new ArgumentException(
                $"--name {name}: use at most 100 letters, digits, hyphens, dots and underscores"
            );
    }

    /// <summary>How long the job at hand may take when the worker is stopped.</summary>
    /// <exception cref="ArgumentException">It is out of range.</exception>
    internal TimeSpan Grace(ParseResult arguments) => Seconds("--grace", arguments.GetValue(_grace), 0.1, 3000);

    /// <summary>Threads an operation of libtorch.</summary>
    /// <exception cref="ArgumentException">It is out of range.</exception>
    internal int Threads(ParseResult arguments) =>
        arguments.GetValue(_threads) switch
        {
            null => Environment.ProcessorCount,
            >= 1 and <= 1024 and { } threads => threads,
            { } other => throw new ArgumentException($"--threads {other}: give a number from 1 to 1024"),
        };

    /// <exception cref="ArgumentException">A setting is wrong.</exception>
    /// <exception cref="TorchException">The device is not here.</exception>
    internal WorkerOptions Worker(ParseResult arguments) =>
        new()
        {
            Address = Broker.Address(arguments)!,
            Name = Name(arguments),
            Device = Device.Parse(arguments.GetValue(_device)!),
            MemoryBudgetBytes = arguments.GetValue(_memory) is { } megabytes
                ? megabytes is >= 1 and <= 100_000_000
                    ? megabytes * 1_000_000
                    : throw new ArgumentException($"--memory-budget {megabytes}: give megabytes, at least 1")
                : null,
            JobTimeout = Seconds("--job-timeout", arguments.GetValue(_timeout), 1, 1e6),
        };

    /// <exception cref="ArgumentException">A setting is wrong.</exception>
    internal ClaimCacheOptions Cache(ParseResult arguments)
    {
        double gigabytes = arguments.GetValue(_size);
        return new ClaimCacheOptions
        {
            Directory = arguments.GetValue(_cache) ?? DefaultCache(),
            MaximumBytes = gigabytes is >= 1e-6 and <= 1e6
                ? (long)(gigabytes * 1e9)
                : throw new ArgumentException($"--cache-size {gigabytes}: give a number from 0.000001 to 1000000"),
            Token = AccessToken.Read(arguments.GetValue(_token)),
        };
    }

    private static string DefaultCache()
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        return Path.Combine(home.Length > 0 ? home : Path.GetTempPath(), "curvature", "worker-cache");
    }

    private static TimeSpan Seconds(string option, double value, double least, double most) =>
        value >= least && value <= most
            ? TimeSpan.FromSeconds(value)
            : throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"{option} {value}: give a number from {least} to {most}")
            );
}
