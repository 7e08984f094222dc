using CurvatureMonitor.Metrics.Exposition;

namespace CurvatureMonitor.Metrics.Tests;

public sealed class ContentNegotiationTests
{
    private const string Text = "text";
    private const string OpenMetrics = "openmetrics";

    // As Prometheus 2.42 and Prometheus 3 send them.
    private const string Prometheus2 =
        "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
        + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

    // Prometheus 2.5 asks for a draft that is not served.
    private const string Prometheus25 =
        "application/openmetrics-text; version=0.0.1,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

    private const string Browser =
        "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";

    private const string Prometheus3 =
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
        + "application/openmetrics-text;version=0.0.1;q=0.5,"
        + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2";

    [Theory]
    [InlineData(null, Text)]
    [InlineData("", Text)]
    [InlineData("*/*", Text)] // curl
    [InlineData(Browser, Text)]
    [InlineData(Prometheus2, OpenMetrics)]
    [InlineData(Prometheus3, OpenMetrics)]
    [InlineData(Prometheus25, Text)]
    [InlineData("application/openmetrics-text", OpenMetrics)]
    [InlineData("APPLICATION/OpenMetrics-Text; Version=\"1.0.0\"; charset=utf-8", OpenMetrics)]
    [InlineData("application/openmetrics-text;version=2.0.0", Text)]
    [InlineData("application/*", OpenMetrics)]
    [InlineData("text/*", Text)]
    [InlineData("text/plain,application/openmetrics-text", OpenMetrics)]
    [InlineData("text/plain,application/openmetrics-text;q=0.9", Text)]
    [InlineData("text/plain;q=0.1,application/openmetrics-text;q=0.2", OpenMetrics)]
    [InlineData("application/openmetrics-text;q=0,*/*", Text)]
    [InlineData("application/openmetrics-text;q=0", Text)]
    [InlineData("*/*,text/plain;q=0", OpenMetrics)]
    [InlineData("application/openmetrics-text;q=banana,text/plain;q=0.1", Text)]
    [InlineData("application/json", Text)] // nothing offered: text, as other exporters do
    [InlineData(";;,,q=1,/", Text)]
    public void The_format_follows_the_Accept_header(string? accept, string expected) =>
        Assert.Equal(expected, ExpositionFormat.Negotiate(accept).Name);

    [Fact]
    public void Content_types_name_the_version_and_the_encoding()
    {
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", ExpositionFormat.Text.ContentType);
        Assert.Equal(
            "application/openmetrics-text; version=1.0.0; charset=utf-8",
            ExpositionFormat.OpenMetrics.ContentType
        );
    }
}
