namespace CurvatureMonitor.Reports.Figures;

/// <summary>One pair of axes and what lies between them.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="XLabel">The quantity on the horizontal axis.</param>
/// <param name="YLabel">The quantity on the vertical axis.</param>
/// <param name="X">The horizontal axis.</param>
/// <param name="Y">The vertical axis.</param>
/// <param name="Series">From back to front.</param>
internal sealed record Panel(
    string Title,
    string XLabel,
    string YLabel,
    AxisScale X,
    AxisScale Y,
    IReadOnlyList<Series> Series
);
