using System.Globalization;
using CurvatureMonitor.Metrics.Registry;
using CurvatureMonitor.Metrics.Runtime;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace CurvatureMonitor.Host.Monitoring.Otlp;

/// <summary>
/// Pushes the metrics to a collector by OTLP, beside the scrapes and from the same registry. A collector that cannot be
/// reached costs the run nothing: pushes have a thread of their own, what could not be pushed is told by the next push,
/// and a person is told once.
/// </summary>
internal sealed class OtlpPush : IAsyncDisposable
{
    /// <summary>
    /// The name that the service has unless the environment gives it one: the job of the rules and the dashboards.
    /// </summary>
    private const string Service = "curvature";

    // A stream is an instrument of a run; 200 runs have fewer than half as many. What is not used costs a reference.
    private const int MostStreams = 1 << 15;

    /// <summary>How long the last push may take when the program ends.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly OtlpSettings _settings;
    private readonly Action<string> _notice;
    private readonly RegistryMeters _meters;
    private readonly PushOutcome _outcome;
    private readonly MetricReader _reader;
    private readonly MeterProvider _provider;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private bool _failing;

    /// <summary>Begins to push.</summary>
    /// <param name="settings">Where and how often.</param>
    /// <param name="registry">What.</param>
    /// <param name="instance">What tells this process from others of the service, unless the environment says
    /// it.</param>
    /// <param name="version">The program's version.</param>
    /// <param name="notice">Told in one line when pushes begin to fail, and when they arrive again.</param>
    internal OtlpPush(
        OtlpSettings settings,
        MetricRegistry registry,
        string instance,
        string version,
        Action<string> notice
    )
    {
        _settings = settings;
        _notice = notice;
        _meters = new RegistryMeters(registry);
        _outcome = new PushOutcome();
        var options = new OtlpExporterOptions { Endpoint = settings.Endpoint, Protocol = settings.Protocol };
        options.HttpClientFactory = () =>
            new HttpClient(_outcome.Watch(), disposeHandler: true)
            {
                Timeout = TimeSpan.FromMilliseconds(options.TimeoutMilliseconds),
            };
        _reader = new BaseExportingMetricReader(new OtlpMetricExporter(options));
        _provider = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(
                ResourceBuilder
                    .CreateEmpty()
                    .AddService(Service, serviceVersion: version, serviceInstanceId: instance)
                    .AddTelemetrySdk()
                    .AddEnvironmentVariableDetector()
            )
            .SetMaxMetricStreams(MostStreams)
            .AddMeter(RegistryMeters.MeterName + "*", "System.Runtime", "Microsoft.AspNetCore.*")
            .AddView(instrument =>
                _meters.Capacity(instrument) is { } capacity
                    ? new MetricStreamConfiguration { CardinalityLimit = capacity }
                    : null
            )
            .AddReader(_reader)
            .Build();
        _loop = Task.Factory.StartNew(
            Run,
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
    }

    /// <summary>
    /// Pushes once more, for what came last, and ends; does not wait for a collector that does not answer.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        try
        {
            await _loop.WaitAsync(Farewell).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The thread ends with the process.
        }
    }

    private void Run()
    {
        // The loop owns what it pushes with: nothing is taken from under a push that takes long.
        using (_stop)
        using (_meters)
        {
            do
            {
                Push();
            } while (!_stop.Token.WaitHandle.WaitOne(_settings.Interval));
            Push();
            _reader.Dispose();
            _provider.Dispose();
        }
    }

    private void Push()
    {
        _outcome.Reset();
        bool pushed;
        try
        {
            _meters.Refresh();
            pushed = _reader.Collect();
        }
        catch (Exception failure)
        {
            // A collector of values failed, as it would fail a scrape.
            (pushed, _outcome.Failure) = (false, failure.Message);
        }

        if (pushed == _failing)
        {
            _failing = !pushed;
            _notice(
                pushed
                    ? $"metrics reach {_settings.Endpoint} again"
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $"metrics cannot be pushed to {_settings.Endpoint} ({_outcome.Failure ?? "refused"}); trying "
                            + $"again every {_settings.Interval.TotalSeconds:0.###} s"
                    )
            );
        }
    }
}
