namespace CurvatureMonitor.Contracts.Analyses;

/// <summary>A smooth curve of a density.</summary>
public enum DensityView
{
    /// <summary>Gaussians of Papyan's width.</summary>
    Gaussian,

    /// <summary>The density of ln|λ|.</summary>
    Log,

    /// <summary>The kernel polynomial method.</summary>
    Kpm,

    /// <summary>The curve of greatest entropy with the first moments.</summary>
    Entropy,
}
