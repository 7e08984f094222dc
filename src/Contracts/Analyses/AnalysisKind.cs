namespace CurvatureMonitor.Contracts.Analyses;

/// <summary>The kinds of measurement that a run can ask for.</summary>
public enum AnalysisKind
{
    /// <summary>
    /// Density, largest eigenvalues, ends and trace by Lanczos from the run's seeded start vector; never warm-started.
    /// </summary>
    Spectrum,

    /// <summary>
    /// The ends of the spectrum to a tolerance, started from the Ritz vectors of the checkpoint measured before.
    /// </summary>
    Sharpness,

    /// <summary>
    /// Norms of gradient and parameters, the variance of the gradient over samples and the noise scale: one pass over
    /// single samples.
    /// </summary>
    Gradient,

    /// <summary>Trace, Frobenius norm and layer traces by random probes.</summary>
    Trace,

    /// <summary>The variance of the operators over samples, and what theory predicts from it for batches.</summary>
    Variance,

    /// <summary>
    /// How the top eigenvectors have turned since the checkpoint tracked before, and the gradient in their space.
    /// </summary>
    Tracking,

    /// <summary>The curvature that a training batch sees along its own gradient.</summary>
    BatchSharpness,
}
