namespace CurvatureMonitor.Reports.Figures;

/// <summary>A point with an error bar.</summary>
/// <param name="X">Its place.</param>
/// <param name="Y">Its value.</param>
/// <param name="Error">Half the width of the error bar; 0 for none.</param>
internal readonly record struct PlotPoint(double X, double Y, double Error = 0);
