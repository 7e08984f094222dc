namespace CurvatureMonitor.Reports.Figures;

/// <summary>A line through the points, with their error bars.</summary>
/// <param name="Label">Its name in the legend; null for none.</param>
/// <param name="Colour">Its colour.</param>
/// <param name="Points">Its places, in order.</param>
/// <param name="Width">Width of the line.</param>
/// <param name="Dashed">Whether it is a limit rather than a measurement.</param>
internal sealed record LineSeries(
    string? Label,
    string Colour,
    IReadOnlyList<PlotPoint> Points,
    double Width = 1.5,
    bool Dashed = false
) : Series(Label, Colour, Points);
