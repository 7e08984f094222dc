namespace CurvatureMonitor.Host.Configuration;

/// <summary>Where pictures go.</summary>
[Section("plot")]
internal sealed class PlotOptions
{
    /// <summary>The folder; that of the first file where null.</summary>
    [Option("--out-dir", "Folder of the pictures; without it that of the first FILE.", FormerName = "--out")]
    public string? OutDir { get; set; }
}
