namespace CurvatureMonitor.Reports.Figures;

/// <summary>A line from the foot of the panel to each point.</summary>
internal sealed record StemSeries(string? Label, string Colour, IReadOnlyList<PlotPoint> Points)
    : Series(Label, Colour, Points);
