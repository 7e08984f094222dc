namespace CurvatureMonitor.Metrics.Exposition;

/// <summary>A text format in which metrics are served.</summary>
public sealed class ExpositionFormat
{
    private ExpositionFormat(string name, string contentType)
    {
        Name = name;
        ContentType = contentType;
    }

    /// <summary>Prometheus text format 0.0.4: what browsers, curl and promtool read.</summary>
    public static ExpositionFormat Text { get; } = new("text", "text/plain; version=0.0.4; charset=utf-8");

    /// <summary>
    /// OpenMetrics 1.0: what Prometheus asks for; the only one that knows gauge histograms and units.
    /// </summary>
    public static ExpositionFormat OpenMetrics { get; } =
        new("openmetrics", "application/openmetrics-text; version=1.0.0; charset=utf-8");

    /// <summary>A short name for logs.</summary>
    public string Name { get; }

    /// <summary>The value of the HTTP header Content-Type.</summary>
    public string ContentType { get; }

    /// <summary>
    /// Chooses the format for an HTTP Accept header by quality values (RFC 9110, section 12.5.1). OpenMetrics is served
    /// to clients that name it and do not like text better; whoever accepts anything, or nothing that is offered here,
    /// gets text.
    /// </summary>
    /// <param name="accept">The header, several of them joined by commas, or null.</param>
    public static ExpositionFormat Negotiate(string? accept)
    {
        var text = AcceptHeader.Match(accept, "text", "plain", "0.0.4");
        var openMetrics = AcceptHeader.Match(accept, "application", "openmetrics-text", "1.0.0");
        var preferred =
            openMetrics.Quality > text.Quality || (openMetrics.Quality == text.Quality && openMetrics.Named);
        return openMetrics.Quality > 0 && preferred ? OpenMetrics : Text;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
