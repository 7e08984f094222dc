namespace CurvatureMonitor.Reports.Figures;

/// <summary>What a panel shows of one set of numbers.</summary>
/// <param name="Label">Its name in the legend; null for none.</param>
/// <param name="Colour">Its colour.</param>
/// <param name="Points">Its places, in order.</param>
internal abstract record Series(string? Label, string Colour, IReadOnlyList<PlotPoint> Points);
