using System.CommandLine;
using System.Globalization;
using System.Net;
using CurvatureMonitor.Actors;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Host.Http;
using CurvatureMonitor.Host.Monitoring.Otlp;
using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Host.Commands;

/// <summary>The options of every command that monitors: how it measures, and where it shows.</summary>
internal sealed class MonitoringArguments
{
    private static readonly Dictionary<string, OperatorKind> OperatorKinds = Enum.GetValues<OperatorKind>()
        .ToDictionary(kind => kind.Label(), StringComparer.Ordinal);

    private static readonly IReadOnlyDictionary<string, AnalysisKind> AnalysisKinds = AnalysisKindNames.Live;

    private readonly Option<string> _device = new("--device")
    {
        Description = "cpu, cuda or cuda:N.",
        DefaultValueFactory = _ => "cpu",
    };
    private readonly Option<string> _operators = new("--operators")
    {
        Description = "Of hessian, ggn, residual, with commas between.",
        DefaultValueFactory = _ => "hessian,ggn",
    };
    private readonly Option<string> _analyses;
    private readonly Option<int> _probes;
    private readonly Option<int> _lanczosSteps;
    private readonly Option<string> _budget;
    private readonly Option<long?> _memory = new("--memory-budget")
    {
        Description = "Megabytes that measuring may use; without it half of the machine's.",
    };
    private readonly Option<int> _actors = new("--curvature-actors")
    {
        Description = "Curvature actors, each with a thread of its own.",
        DefaultValueFactory = _ => 1,
    };
    private readonly Option<int?> _threads = new("--threads")
    {
        Description = "Threads an operation of libtorch; without it the cores are shared between those who compute.",
    };
    private readonly Option<string> _address = new("--address")
    {
        Description = "Address of the live page and of /metrics.",
        DefaultValueFactory = _ => "127.0.0.1",
    };
    private readonly Option<int> _port = new("--port")
    {
        Description = "Port of the live page and of /metrics; 0 takes a free one.",
        DefaultValueFactory = _ => MonitorServerOptions.DefaultPort,
    };

    private readonly Option<string?> _prometheus = new("--prometheus")
    {
        Description =
            "A Prometheus that scrapes this monitor, such as http://127.0.0.1:9090: its alerts are shown on the page "
            + "and in the terminal.",
    };
    private readonly Option<string?> _otlp = new(OtlpSettings.EndpointOption)
    {
        Description =
            "A collector that metrics are pushed to as well, by OTLP: http://127.0.0.1:4318 (HTTP) or "
            + "http://127.0.0.1:4317 (gRPC); else OTEL_EXPORTER_OTLP_ENDPOINT.",
    };

    /// <summary>
    /// What is measured where nothing is said: the spectrum of every checkpoint, which has the stability ratio, and now
    /// and then what changes slowly: a trace and a tracking cost about one spectrum, a variance two or three, so that
    /// all of them together cost some third more than spectra alone.
    /// </summary>
    internal const string UsualAnalyses = "spectrum,gradient:4,trace:8,tracking:8,variance:32";

    /// <summary>
    /// The overhead budget where nothing is said: half of the time is left to whoever else computes here.
    /// </summary>
    internal const string UsualBudget = "0.5";

    internal MonitoringArguments(
        int lanczosSteps,
        string analyses = UsualAnalyses,
        int probes = 8,
        string budget = UsualBudget
    )
    {
        _budget = new("--overhead-budget")
        {
            Description =
                "Seconds of measuring that a second of wall time may cost a run, or none for no limit; all analyses "
                + "but the first share half of it.",
            DefaultValueFactory = _ => budget,
        };
        _probes = new("--probes")
        {
            Description =
                $"Random probes of a trace and of a variance; without it traces of models of at most "
                + $"{AnalysisSettings.DefaultExactParameters} parameters are exact.",
            DefaultValueFactory = _ => probes,
        };
        _lanczosSteps = new("--lanczos-steps")
        {
            Description = "Lanczos steps a spectrum.",
            DefaultValueFactory = _ => lanczosSteps,
        };
        _analyses = new("--analyses")
        {
            Description =
                $"Of {string.Join(", ", AnalysisKinds.Keys)}, with commas between; trace:5 is a trace of every fifth "
                + $"checkpoint.",
            DefaultValueFactory = _ => analyses,
        };
    }

    internal IEnumerable<Option> Options =>
        [
            _device,
            _analyses,
            _operators,
            _lanczosSteps,
            _probes,
            _budget,
            _memory,
            _actors,
            _threads,
            _address,
            _port,
            _prometheus,
            _otlp,
        ];

    internal int Port(ParseResult arguments)
    {
        int port = arguments.GetValue(_port);
        return port is >= 0 and <= IPEndPoint.MaxPort
            ? port
            : throw new ArgumentException($"--port {port}: give a number from 0 to {IPEndPoint.MaxPort}");
    }

    internal IPAddress Address(ParseResult arguments)
    {
        string text = arguments.GetValue(_address)!;
        return IPAddress.TryParse(text, out var address)
            ? address
            : throw new ArgumentException($"--address {text}: give an address such as 127.0.0.1 or 0.0.0.0");
    }

    /// <exception cref="TorchException">It is not known, or not here.</exception>
    internal Device Device(ParseResult arguments) => Contracts.Models.Device.Parse(arguments.GetValue(_device)!);

    /// <summary>The Prometheus whose alerts are shown; null for none.</summary>
    /// <exception cref="ArgumentException">It is no address.</exception>
    internal Uri? Prometheus(ParseResult arguments) =>
        arguments.GetValue(_prometheus) is not { } text ? null
        : Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var address)
        && address.Scheme is "http" or "https"
            ? address
        : throw new ArgumentException($"--prometheus {text}: give an address such as http://127.0.0.1:9090");

    /// <summary>The overhead budget; null for none.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="elsewhere">Whether other machines measure: then there is none unless one is asked for.</param>
    /// <exception cref="ArgumentException">It is no number above 0.</exception>
    internal double? Budget(ParseResult arguments, bool elsewhere = false) =>
        arguments.GetValue(_budget)! switch
        {
            "none" => null,
            _ when elsewhere && arguments.GetResult(_budget) is null or { Implicit: true } => null,
            var text
                when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double share)
                    && share > 0
                    && double.IsFinite(share) => share,
            var text => throw new ArgumentException(
                $"--overhead-budget {text}: give a number above 0, such as {UsualBudget}, or none"
            ),
        };

    /// <summary>Where metrics are pushed; null for nowhere.</summary>
    /// <exception cref="ArgumentException">It is no address, or a variable of OpenTelemetry's cannot be
    /// used.</exception>
    internal OtlpSettings? Otlp(ParseResult arguments) =>
        OtlpSettings.Read(arguments.GetValue(_otlp), Environment.GetEnvironmentVariable);

    /// <exception cref="ArgumentException">One is not known.</exception>
    internal IReadOnlyList<AnalysisCadence> Analyses(ParseResult arguments, int every = 1) =>
        [
            .. arguments
                .GetValue(_analyses)!
                .Split(',', StringSplitOptions.RemoveEmptyEntries)
                .Select(text => Cadence(text, every)),
        ];

    /// <exception cref="ArgumentException">An operator is not known.</exception>
    internal AnalysisSettings Settings(ParseResult arguments, long seed) =>
        new()
        {
            Operators = Choices.All("--operators", arguments.GetValue(_operators)!, OperatorKinds),
            LanczosSteps = arguments.GetValue(_lanczosSteps),
            Probes = arguments.GetValue(_probes),

            // Whoever names a number of random vectors wants them.
            ExactParameters = arguments.GetResult(_probes) is null or { Implicit: true }
                ? AnalysisSettings.DefaultExactParameters
                : 0,
            Seed = seed,
        };

    // Every n-th of those that the command measures at all.
    private static AnalysisCadence Cadence(string text, int every)
    {
        string[] parts = text.Split(':');
        var kind = Choices.One("--analyses", parts[0], AnalysisKinds);
        if (parts.Length == 1)
        {
            return new AnalysisCadence(kind, every);
        }

        return
            parts.Length == 2
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int own)
            && own >= 1
            ? new AnalysisCadence(kind, checked(every * own))
            : throw new ArgumentException(
                $"--analyses {text.Trim()}: give a name, or a name and every how many checkpoints, such as trace:5"
            );
    }

    /// <exception cref="ArgumentException">A setting is wrong.</exception>
    internal MonitorOptions Monitor(ParseResult arguments)
    {
        long? megabytes = arguments.GetValue(_memory);
        var options = new MonitorOptions
        {
            CurvatureActors = arguments.GetValue(_actors),
            Threads = arguments.GetValue(_threads),
            MemoryBudgetBytes = megabytes is { } size ? checked(size * 1_000_000) : null,
        };
        options.Validate();
        return options;
    }
}
