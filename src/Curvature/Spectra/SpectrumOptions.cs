namespace CurvatureMonitor.Curvature.Spectra;

/// <summary>How a spectrum is measured.</summary>
public sealed record SpectrumOptions
{
    /// <summary>m, Lanczos steps (and products, two each for the residual) a probe.</summary>
    public int Steps { get; init; } = 50;

    /// <summary>
    /// Where the first probe may stop early: once the residual bounds of the <see cref="TopEigenvalues"/> largest and
    /// of the smallest Ritz value are at most this share of max|λ|, or of what rounding leaves. Further probes then
    /// take as many steps. Null does all the steps.
    /// </summary>
    public double? Tolerance { get; init; }

    /// <summary>
    /// Whether Lanczos keeps its vectors and reorthogonalises them. Without, memory does not grow with the steps, all
    /// the steps are done whatever the <see cref="Tolerance"/>, and of the eigenvalues only the two ends are known.
    /// </summary>
    public bool Reorthogonalise { get; init; } = true;

    /// <summary>Start vectors to average over.</summary>
    public int Probes { get; init; } = 1;

    /// <summary>Seed of the start vectors; the same for every checkpoint of a run.</summary>
    public long Seed { get; init; }

    /// <summary>How many of the largest Ritz values to report, at least 1.</summary>
    public int TopEigenvalues { get; init; } = 10;
}
