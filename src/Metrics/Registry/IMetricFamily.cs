namespace CurvatureMonitor.Metrics.Registry;

/// <summary>
/// What the registry needs of a family, whatever the type of its series. Every member is called under the registry's
/// lock.
/// </summary>
internal interface IMetricFamily
{
    MetricDescriptor Descriptor { get; }

    int Count { get; }

    /// <summary>
    /// Copies the state of every series that has one into <paramref name="destination"/>, which holds at least
    /// <see cref="Count"/> entries.
    /// </summary>
    /// <returns>How many entries were written.</returns>
    int CopyTo(Span<SeriesState> destination);

    void Remove(MetricSeries series);
}
