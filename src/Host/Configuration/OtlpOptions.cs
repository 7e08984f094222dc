using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Host.Configuration.Rules;
using CurvatureMonitor.Host.Monitoring.Otlp;

namespace CurvatureMonitor.Host.Configuration;

/// <summary>Where metrics are pushed to as well.</summary>
[Section("otlp")]
internal sealed class OtlpOptions
{
    /// <summary>The collector; null leaves it to the variables of OpenTelemetry.</summary>
    [Option(
        "--otlp-endpoint",
        "A collector that metrics are pushed to as well, by OTLP: http://127.0.0.1:4318 (HTTP) or "
            + "http://127.0.0.1:4317 (gRPC); else OTEL_EXPORTER_OTLP_ENDPOINT."
    )]
    [Collector]
    public string? Endpoint { get; set; }

    /// <summary>Where metrics are pushed; null for nowhere.</summary>
    /// <exception cref="UserErrorException">A variable of OpenTelemetry cannot be used.</exception>
    internal OtlpSettings? ReadSettings() => OtlpSettings.Read(Endpoint, Environment.GetEnvironmentVariable);
}
