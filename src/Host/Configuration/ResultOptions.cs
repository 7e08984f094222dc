namespace CurvatureMonitor.Host.Configuration;

/// <summary>Where results of an analysis go.</summary>
[Section("analyze")]
internal sealed class ResultOptions
{
    /// <summary>The file; none where null.</summary>
    [Option("--out", "Also save the result: FILE.json or FILE.npz.")]
    public string? Out { get; set; }

    /// <summary>Whether a program reads it.</summary>
    [Option("--json", "Print one JSON document and nothing else on standard output.")]
    public bool Json { get; set; }
}
