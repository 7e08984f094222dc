using System.CommandLine;
using System.Net;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Host.Cluster;
using CurvatureMonitor.Host.Intake;
using CurvatureMonitor.Storage.Journals;
using CurvatureMonitor.Storage.Stores;
using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Host.Commands;

/// <summary>The options of <c>serve</c>, and what they come to.</summary>
internal sealed class ServeArguments
{
    private static readonly Dictionary<string, ElementType> ElementTypes = new(StringComparer.Ordinal)
    {
        ["float32"] = ElementType.Float32,
        ["float64"] = ElementType.Float64,
    };

    private static readonly Dictionary<string, string> DeviceKinds = new(StringComparer.Ordinal)
    {
        ["cpu"] = "cpu",
        ["cuda"] = "cuda",
    };

    private readonly Option<string[]> _watch = new("--watch")
    {
        Description = "A folder that is a run bundle, or has run bundles one level down; may be given again.",
    };
    private readonly Option<string> _data = new("--data-dir")
    {
        Description = "Where histories and the checkpoints that come over HTTP are kept.",
        DefaultValueFactory = _ => "curvature-data",
    };
    private readonly Option<string?> _token = new("--token-file")
    {
        Description =
            $"A file with the token that trainers send; without it the environment's {AccessToken.Variable}. Needed "
            + $"unless bound to loopback.",
    };
    private readonly Option<int> _every = new("--every")
    {
        Description = "Measure every n-th checkpoint of a run.",
        DefaultValueFactory = _ => 1,
    };
    private readonly Option<long> _seed = new("--seed")
    {
        Description = "Seed of the Lanczos start vectors.",
        DefaultValueFactory = _ => 1,
    };
    private readonly Option<string?> _type = new("--dtype")
    {
        Description = "float32 or float64; without it the type of a run's probe inputs.",
    };
    private readonly Option<double> _poll = new("--poll")
    {
        Description = "Seconds between two looks at watched folders.",
        DefaultValueFactory = _ => 1,
    };
    private readonly Option<double> _grace = new("--grace")
    {
        Description = "Seconds that /metrics shows a run after its end.",
        DefaultValueFactory = _ => 900,
    };
    private readonly Option<double> _stale = new("--stale-after")
    {
        Description =
            "Seconds without a checkpoint after which a run counts as stale; three times the last interval between two "
            + "of its checkpoints where that is longer.",
        DefaultValueFactory = _ => 600,
    };
    private readonly Option<int> _keep = new("--keep")
    {
        Description = "Checkpoints of a run over HTTP that are kept beside those with measurements: the last n.",
        DefaultValueFactory = _ => 10,
    };
    private readonly Option<double> _disk = new("--max-disk")
    {
        Description = "Gigabytes that checkpoints over HTTP may take in all.",
        DefaultValueFactory = _ => 100,
    };
    private readonly Option<double> _upload = new("--max-upload")
    {
        Description = "Gigabytes that a model or a probe set over HTTP may have.",
        DefaultValueFactory = _ => 4,
    };
    private readonly Option<string?> _public = new("--public-url")
    {
        Description =
            "With --broker: the address of this host as workers reach it, such as http://host:9464; without it the one "
            + "that it listens on.",
    };
    private readonly Option<string?> _shared = new("--shared-dir")
    {
        Description =
            "With --broker: a folder that workers see under the same path; bundles in it are read there and not sent.",
    };
    private readonly Option<string?> _workers = new("--worker-device")
    {
        Description = "With --broker: the kind of device that jobs ask for, cpu or cuda; without it that of --device.",
    };
    private readonly BrokerArguments _broker = new(isRequired: false);
    private readonly MonitoringArguments _monitoring = new(lanczosSteps: 32);

    internal IEnumerable<Option> Options =>
        [
            _watch,
            _data,
            _token,
            _every,
            _seed,
            _type,
            _poll,
            _grace,
            _stale,
            _keep,
            _disk,
            _upload,
            .. _broker.Options,
            _public,
            _shared,
            _workers,
            .. _monitoring.Options,
        ];

    internal MonitoringArguments Monitoring => _monitoring;

    internal IReadOnlyList<string> Watched(ParseResult arguments) =>
        [.. (arguments.GetValue(_watch) ?? []).Distinct(StringComparer.Ordinal)];

    internal string DataDirectory(ParseResult arguments) => arguments.GetValue(_data)!;

    /// <summary>The token that trainers must send; null where none is needed.</summary>
    /// <exception cref="ArgumentException">One is needed, or the file has none.</exception>
    internal string? Token(ParseResult arguments)
    {
        string? token = AccessToken.Read(arguments.GetValue(_token));
        var address = _monitoring.Address(arguments);
        return token is not null || IPAddress.IsLoopback(address)
            ? token
            : throw new ArgumentException(
                $"--address {address}: others than this machine can reach it, so trainers need a token: give "
                    + $"--token-file, or set {AccessToken.Variable}"
            );
    }

    /// <exception cref="ArgumentException">A setting is wrong.</exception>
    /// <exception cref="TorchException">The device is not here.</exception>
    internal IntakeOptions Intake(ParseResult arguments)
    {
        int every = AtLeast("--every", arguments.GetValue(_every), 1);
        var options = new IntakeOptions
        {
            Analyses = _monitoring.Analyses(arguments, every),
            Settings = _monitoring.Settings(arguments, arguments.GetValue(_seed)),
            OverheadBudget = _monitoring.Budget(arguments, elsewhere: _broker.Address(arguments) is not null),
            Device = _monitoring.Device(arguments),
            ElementType = arguments.GetValue(_type) is { } text ? Choices.One("--dtype", text, ElementTypes) : null,
            PollInterval = TimeSpan.FromSeconds(Between("--poll", arguments.GetValue(_poll), 0.01, 3600)),
            GracePeriod = TimeSpan.FromSeconds(Between("--grace", arguments.GetValue(_grace), 0, 1e7)),
            StaleAfter = TimeSpan.FromSeconds(Between("--stale-after", arguments.GetValue(_stale), 0.01, 1e6)),
            Retention = new BundleRetention
            {
                Last = AtLeast("--keep", arguments.GetValue(_keep), 1),
                MaximumBytes = Gigabytes("--max-disk", arguments.GetValue(_disk)),
            },
            MaximumUpload = Gigabytes("--max-upload", arguments.GetValue(_upload)),
        };
        options.Settings.Validate();
        return options;
    }

    /// <summary>The cluster whose workers measure; null where this process does.</summary>
    /// <exception cref="ArgumentException">A setting is wrong.</exception>
    internal ClusterSetup? Cluster(ParseResult arguments)
    {
        if (_broker.Address(arguments) is not { } address)
        {
            return
                new[] { (Option)_public, _shared, _workers }.FirstOrDefault(option =>
                    arguments.GetResult(option) is not null
                )
                    is { } alone
                ? throw new ArgumentException($"{alone.Name}: is of use with --broker alone")
                : null;
        }

        return new ClusterSetup
        {
            Address = address,
            PublicUrl = arguments.GetValue(_public) is { } text ? Url(text) : null,
            SharedDirectory = arguments.GetValue(_shared) is { } folder ? SharedFolder(folder) : null,
            DeviceKind = arguments.GetValue(_workers) is { } kind
                ? Choices.One("--worker-device", kind, DeviceKinds)
                : null,
        };
    }

    private static Uri Url(string text) =>
        Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw new ArgumentException($"--public-url {text}: give an address such as http://host:9464");

    private static string SharedFolder(string folder) =>
        Directory.Exists(folder)
            ? Path.GetFullPath(folder)
            : throw new ArgumentException(
                $"--shared-dir {folder}: is no folder; mount it, or leave it out and workers fetch over HTTP"
            );

    private static int AtLeast(string option, int value, int least) =>
        value >= least
            ? value
            : throw new ArgumentException($"{option} {value}: give a whole number of at least {least}");

    private static double Between(string option, double value, double least, double most) =>
        value >= least && value <= most
            ? value
            : throw new ArgumentException($"{option} {value}: give a number from {least} to {most}");

    private static long Gigabytes(string option, double value) => (long)(Between(option, value, 1e-6, 1e6) * 1e9);
}
