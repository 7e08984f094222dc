using System.Globalization;
using CurvatureMonitor.Contracts.Errors;
using OpenTelemetry.Exporter;

namespace CurvatureMonitor.Host.Monitoring.Otlp;

/// <summary>
/// Where metrics are pushed, and how. What is not said on the command line is read from OpenTelemetry's own environment
/// variables.
/// </summary>
/// <param name="Endpoint">The address that requests go to: with the path of the signal for HTTP, without a path for
/// gRPC.</param>
/// <param name="Protocol">HTTP with protobuf, or gRPC.</param>
/// <param name="Interval">Time between two pushes.</param>
internal sealed record OtlpSettings(Uri Endpoint, OtlpExportProtocol Protocol, TimeSpan Interval)
{
    internal const string EndpointOption = "--otlp-endpoint";

    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string MetricsEndpointVariable = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";
    private const string ProtocolVariable = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private const string MetricsProtocolVariable = "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL";
    private const string IntervalVariable = "OTEL_METRIC_EXPORT_INTERVAL";

    private const string SignalPath = "/v1/metrics";

    /// <summary>The port that collectors listen on for gRPC by convention.</summary>
    private const int GrpcPort = 4317;

    /// <summary>What to give where an address of a collector is none.</summary>
    internal const string AddressRemedy = "give the address of a collector such as http://127.0.0.1:4318";

    private static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(60);

    /// <summary>Reads the settings; null where nobody asks for a push.</summary>
    /// <param name="endpoint">What the command line says; null for nothing.</param>
    /// <param name="environment">Looks a variable up; null where it is not set.</param>
    /// <exception cref="UserErrorException">A setting cannot be used; the message names it.</exception>
    internal static OtlpSettings? Read(string? endpoint, Func<string, string?> environment)
    {
        if (
            endpoint is null
            && string.Equals(environment("OTEL_SDK_DISABLED")?.Trim(), "true", StringComparison.OrdinalIgnoreCase)
        )
        {
            return null;
        }

        // The command line goes before the environment, what is about metrics alone before what is about all signals.
        var (source, text) = First(
            (EndpointOption, endpoint),
            (MetricsEndpointVariable, environment(MetricsEndpointVariable)),
            (EndpointVariable, environment(EndpointVariable))
        );
        if (text is null)
        {
            return null;
        }

        var address = Address(source, text);
        var protocol = ReadProtocol(
            First(
                (MetricsProtocolVariable, environment(MetricsProtocolVariable)),
                (ProtocolVariable, environment(ProtocolVariable))
            ),
            address
        );

        // The variable for metrics alone holds the whole address; the others hold that of a collector.
        var target =
            protocol == OtlpExportProtocol.HttpProtobuf && source != MetricsEndpointVariable
                ? WithSignal(address)
                : address;
        return new OtlpSettings(target, protocol, ReadInterval(environment(IntervalVariable)));
    }

    /// <summary>Whether a text is the address of a collector.</summary>
    internal static bool IsAddress(string text) => Parse(text) is not null;

    private static (string Source, string? Text) First(params (string Source, string? Text)[] candidates) =>
        Array.Find(candidates, candidate =>
            !string.IsNullOrWhiteSpace(candidate.Text) || candidate is { Source: EndpointOption, Text: not null }
        );

    private static Uri Address(string source, string text) =>
        Parse(text) ?? throw new UserErrorException($"{source} {text}: {AddressRemedy}");

    private static Uri? Parse(string text) =>
        Uri.TryCreate(text.Trim(), UriKind.Absolute, out var address)
        && address.Scheme is "http" or "https"
        && address is { Host.Length: > 0, Query: "", Fragment: "" }
            ? address
            : null;

    private static OtlpExportProtocol ReadProtocol((string Source, string? Text) said, Uri address) =>
        said.Text?.Trim() switch
        {
            null => address.Port == GrpcPort ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf,
            "grpc" => OtlpExportProtocol.Grpc,
            "http/protobuf" => OtlpExportProtocol.HttpProtobuf,
            var other => throw new UserErrorException($"{said.Source} {other}: give grpc or http/protobuf"),
        };

    private static Uri WithSignal(Uri address)
    {
        var path = address.AbsolutePath.TrimEnd('/');
        return path.EndsWith(SignalPath, StringComparison.Ordinal)
            ? address
            : new UriBuilder(address) { Path = path + SignalPath }.Uri;
    }

    private static TimeSpan ReadInterval(string? text) =>
        string.IsNullOrWhiteSpace(text) ? DefaultInterval
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds > 0
            ? TimeSpan.FromMilliseconds(milliseconds)
        : throw new UserErrorException($"{IntervalVariable} {text}: give a number of milliseconds above 0");
}
