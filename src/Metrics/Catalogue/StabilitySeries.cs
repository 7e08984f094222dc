using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics.Catalogue;

/// <summary>The series of one kind of stability limit of one run.</summary>
internal sealed class StabilitySeries(SeriesGroup group, MeasurementFamilies families, string run, string kind)
{
    private readonly Gauge _limit = group.Add(families.Limit, run, kind);
    private readonly Gauge _ratio = group.Add(families.Ratio, run, kind);
    private readonly Gauge _ratioLow = group.Add(families.RatioLow, run, kind);
    private readonly Gauge _ratioHigh = group.Add(families.RatioHigh, run, kind);

    public void Set(StabilitySample sample)
    {
        _limit.Set(sample.Limit);
        _ratio.Set(sample.Ratio);
        _ratioLow.Set(sample.RatioLow);
        _ratioHigh.Set(sample.RatioHigh);
    }
}
