using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Host.Monitoring.Otlp;
using OpenTelemetry.Exporter;

namespace CurvatureMonitor.Host.Tests.Monitoring.Otlp;

public sealed class OtlpSettingsTests
{
    [Theory]
    [InlineData("http://h:4318", "", "http://h:4318/v1/metrics", OtlpExportProtocol.HttpProtobuf, 60000)]
    [InlineData("http://h:4317", "", "http://h:4317/", OtlpExportProtocol.Grpc, 60000)]
    [InlineData("https://h/otlp/", "", "https://h/otlp/v1/metrics", OtlpExportProtocol.HttpProtobuf, 60000)]
    [InlineData(
        "http://h:4318/v1/metrics",
        "OTEL_METRIC_EXPORT_INTERVAL=5000",
        "http://h:4318/v1/metrics",
        OtlpExportProtocol.HttpProtobuf,
        5000
    )]
    [InlineData("http://h:9999", "OTEL_EXPORTER_OTLP_PROTOCOL=grpc", "http://h:9999/", OtlpExportProtocol.Grpc, 60000)]
    [InlineData(
        "http://h:4317",
        "OTEL_EXPORTER_OTLP_PROTOCOL=grpc;OTEL_EXPORTER_OTLP_METRICS_PROTOCOL=http/protobuf",
        "http://h:4317/v1/metrics",
        OtlpExportProtocol.HttpProtobuf,
        60000
    )]
    [InlineData(
        "http://h:4318",
        "OTEL_EXPORTER_OTLP_ENDPOINT=http://other;OTEL_SDK_DISABLED=true",
        "http://h:4318/v1/metrics",
        OtlpExportProtocol.HttpProtobuf,
        60000
    )]
    [InlineData(
        null,
        "OTEL_EXPORTER_OTLP_ENDPOINT=http://e:4318",
        "http://e:4318/v1/metrics",
        OtlpExportProtocol.HttpProtobuf,
        60000
    )]
    [InlineData(
        null,
        "OTEL_EXPORTER_OTLP_ENDPOINT=http://e:4318;OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=http://m/put",
        "http://m/put",
        OtlpExportProtocol.HttpProtobuf,
        60000
    )]
    public void The_command_line_goes_before_the_environment(
        string? endpoint,
        string environment,
        string address,
        OtlpExportProtocol protocol,
        int milliseconds
    ) =>
        Assert.Equal(
            new OtlpSettings(new Uri(address), protocol, TimeSpan.FromMilliseconds(milliseconds)),
            OtlpSettings.Read(endpoint, Environment(environment))
        );

    [Theory]
    [InlineData("")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT= ")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL=grpc;OTEL_METRIC_EXPORT_INTERVAL=1000")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT=http://e:4318;OTEL_SDK_DISABLED=true")]
    public void Nobody_who_names_no_collector_is_pushed_to(string environment) =>
        Assert.Null(OtlpSettings.Read(null, Environment(environment)));

    [Theory]
    [InlineData(
        "nowhere",
        "",
        "--otlp-endpoint nowhere: give the address of a collector such as http://127.0.0.1:4318"
    )]
    [InlineData("", "", "--otlp-endpoint : give the address of a collector such as http://127.0.0.1:4318")]
    [InlineData(
        "ftp://h",
        "",
        "--otlp-endpoint ftp://h: give the address of a collector such as http://127.0.0.1:4318"
    )]
    [InlineData(
        "http://h?x=1",
        "",
        "--otlp-endpoint http://h?x=1: give the address of a collector such as http://127.0.0.1:4318"
    )]
    [InlineData(
        null,
        "OTEL_EXPORTER_OTLP_ENDPOINT=h:4318",
        "OTEL_EXPORTER_OTLP_ENDPOINT h:4318: give the address of a collector such as http://127.0.0.1:4318"
    )]
    [InlineData(
        "http://h",
        "OTEL_EXPORTER_OTLP_PROTOCOL=http/json",
        "OTEL_EXPORTER_OTLP_PROTOCOL http/json: give grpc or http/protobuf"
    )]
    [InlineData(
        "http://h",
        "OTEL_METRIC_EXPORT_INTERVAL=soon",
        "OTEL_METRIC_EXPORT_INTERVAL soon: give a number of milliseconds above 0"
    )]
    [InlineData(
        "http://h",
        "OTEL_METRIC_EXPORT_INTERVAL=0",
        "OTEL_METRIC_EXPORT_INTERVAL 0: give a number of milliseconds above 0"
    )]
    public void What_cannot_be_used_is_named_in_one_line(string? endpoint, string environment, string message) =>
        Assert.Equal(
            message,
            Assert.Throws<UserErrorException>(() => OtlpSettings.Read(endpoint, Environment(environment))).Message
        );

    private static Func<string, string?> Environment(string text)
    {
        var variables = text.Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        return variables.GetValueOrDefault;
    }
}
