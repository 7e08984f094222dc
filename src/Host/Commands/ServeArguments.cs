using System.CommandLine;
using System.Net;
using CurvatureMonitor.Checkpoints.Stores;
using CurvatureMonitor.Host.Intake;
using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Host.Commands;

/// <summary>The options of <c>serve</c>, and what they come to.</summary>
internal sealed class ServeArguments
{
    /// <summary>Where the token is read from when no file is named.</summary>
    internal const string TokenVariable = "CURVATURE_TOKEN";

    private static readonly Dictionary<string, ElementType> ElementTypes = new(StringComparer.Ordinal)
    {
        ["float32"] = ElementType.Float32,
        ["float64"] = ElementType.Float64,
    };

    private readonly Option<string[]> _watch = new("--watch") { Description = "A folder that is a run bundle, or has run bundles one level down; may be given again." };
    private readonly Option<string> _data = new("--data-dir") { Description = "Where histories and the checkpoints that come over HTTP are kept.", DefaultValueFactory = _ => "curvature-data" };
    private readonly Option<string?> _token = new("--token-file") { Description = $"A file with the token that trainers send; without it the environment's {TokenVariable}. Needed unless bound to loopback." };
    private readonly Option<int> _every = new("--every") { Description = "Measure every n-th checkpoint of a run.", DefaultValueFactory = _ => 1 };
    private readonly Option<long> _seed = new("--seed") { Description = "Seed of the Lanczos start vectors.", DefaultValueFactory = _ => 1 };
    private readonly Option<string?> _type = new("--dtype") { Description = "float32 or float64; without it the type of a run's probe inputs." };
    private readonly Option<double> _poll = new("--poll") { Description = "Seconds between two looks at watched folders.", DefaultValueFactory = _ => 1 };
    private readonly Option<double> _grace = new("--grace") { Description = "Seconds that /metrics shows a run after its end.", DefaultValueFactory = _ => 900 };
    private readonly Option<int> _keep = new("--keep") { Description = "Checkpoints of a run over HTTP that are kept beside those with measurements: the last n.", DefaultValueFactory = _ => 10 };
    private readonly Option<double> _disk = new("--max-disk") { Description = "Gigabytes that checkpoints over HTTP may take in all.", DefaultValueFactory = _ => 100 };
    private readonly Option<double> _upload = new("--max-upload") { Description = "Gigabytes that a model or a probe set over HTTP may have.", DefaultValueFactory = _ => 4 };
    private readonly MonitoringArguments _monitoring = new(lanczosSteps: 32);

    internal IEnumerable<Option> Options => [_watch, _data, _token, _every, _seed, _type, _poll, _grace, _keep, _disk, _upload, .. _monitoring.Options];

    internal MonitoringArguments Monitoring => _monitoring;

    internal IReadOnlyList<string> Watched(ParseResult arguments) => [.. (arguments.GetValue(_watch) ?? []).Distinct(StringComparer.Ordinal)];

    internal string DataDirectory(ParseResult arguments) => arguments.GetValue(_data)!;

    /// <summary>The token that trainers must send; null where none is needed.</summary>
    /// <exception cref="ArgumentException">One is needed, or the file has none.</exception>
    internal string? Token(ParseResult arguments)
    {
        string? token;
        if (arguments.GetValue(_token) is { } file)
        {
            token = ReadToken(file);
        }
        else
        {
            token = Environment.GetEnvironmentVariable(TokenVariable)?.Trim() is { Length: > 0 } variable ? variable : null;
        }

        var address = _monitoring.Address(arguments);
        return token is not null || IPAddress.IsLoopback(address)
            ? token
            : throw new ArgumentException($"--address {address}: others than this machine can reach it, so trainers need a token: give --token-file, or set {TokenVariable}");
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
            OverheadBudget = _monitoring.Budget(arguments),
            Device = _monitoring.Device(arguments),
            ElementType = arguments.GetValue(_type) is { } text ? Choices.One("--dtype", text, ElementTypes) : null,
            PollInterval = TimeSpan.FromSeconds(Between("--poll", arguments.GetValue(_poll), 0.01, 3600)),
            GracePeriod = TimeSpan.FromSeconds(Between("--grace", arguments.GetValue(_grace), 0, 1e7)),
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

    private static string ReadToken(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim() is { Length: > 0 } token ? token : throw new ArgumentException($"--token-file {file}: it is empty; write a token to it");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException($"--token-file {file}: cannot be read ({exception.Message})", exception);
        }
    }

    private static int AtLeast(string option, int value, int least) =>
        value >= least ? value : throw new ArgumentException($"{option} {value}: give a whole number of at least {least}");

    private static double Between(string option, double value, double least, double most) =>
        value >= least && value <= most ? value : throw new ArgumentException($"{option} {value}: give a number from {least} to {most}");

    private static long Gigabytes(string option, double value) => (long)(Between(option, value, 1e-6, 1e6) * 1e9);
}
