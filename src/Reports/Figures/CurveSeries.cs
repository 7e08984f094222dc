namespace CurvatureMonitor.Reports.Figures;

/// <summary>A smooth curve: a line without marks at its points.</summary>
/// <param name="Label">Its name in the legend; null for none.</param>
/// <param name="Colour">Its colour.</param>
/// <param name="Points">Its places, in order.</param>
internal sealed record CurveSeries(string? Label, string Colour, IReadOnlyList<PlotPoint> Points)
    : Series(Label, Colour, Points);
