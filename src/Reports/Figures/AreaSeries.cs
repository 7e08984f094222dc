namespace CurvatureMonitor.Reports.Figures;

/// <summary>A curve, filled down to the foot of the panel.</summary>
internal sealed record AreaSeries(string? Label, string Colour, IReadOnlyList<PlotPoint> Points)
    : Series(Label, Colour, Points);
