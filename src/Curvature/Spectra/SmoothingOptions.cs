namespace CurvatureMonitor.Curvature.Spectra;

/// <summary>How stems are broadened to a curve. The defaults are Papyan's (appendix C.2).</summary>
public sealed record SmoothingOptions
{
    /// <summary>K, the points of the grid.</summary>
    public int Points { get; init; } = 1024;

    /// <summary>
    /// κ &gt; 1: midway between two nodes at the mean distance 2/(M − 1), a bump has fallen to 1/κ of its height.
    /// </summary>
    public double Kappa { get; init; } = 3;

    /// <summary>τ, the share of the spectrum's width that the grid has to spare on either side.</summary>
    public double Margin { get; init; } = SpectralRange.DefaultMargin;

    /// <summary>M, the Lanczos steps that the width is chosen for; null for the stems a probe of the density.</summary>
    public int? Steps { get; init; }
}
