namespace CurvatureMonitor.Reports.Figures;

/// <summary>A picture: panels in rows under a title.</summary>
/// <param name="Name">What it is called in file names.</param>
/// <param name="Title">What it shows.</param>
/// <param name="Rows">Its panels.</param>
internal sealed record Figure(string Name, string Title, IReadOnlyList<IReadOnlyList<Panel>> Rows);
