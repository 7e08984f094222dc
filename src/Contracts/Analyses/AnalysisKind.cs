namespace CurvatureMonitor.Contracts.Analyses;

/// <summary>The kinds of measurement of a checkpoint.</summary>
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

    /// <summary>Trace, Frobenius norm and layer traces: exactly where P is small, else by random probes.</summary>
    Trace,

    /// <summary>The variance of the operators over samples, and what theory predicts from it for batches.</summary>
    Variance,

    /// <summary>
    /// How the top eigenvectors have turned since the checkpoint tracked before, and the gradient in their space.
    /// </summary>
    Tracking,

    /// <summary>The curvature that a training batch sees along its own gradient.</summary>
    BatchSharpness,

    /// <summary>λ_max as Adam sees it.</summary>
    PreconditionedSharpness,

    /// <summary>The k largest and k smallest eigenvalues to a tolerance, repeated ones as often as they are.</summary>
    Eigenpairs,

    /// <summary>Smooth curves of the density.</summary>
    Views,

    /// <summary>The density in numbers: negative mass, bulk and outliers, null space, effective rank.</summary>
    Shape,

    /// <summary>The density with the outliers taken out and put back as atoms.</summary>
    Deflated,

    /// <summary>Spectra of random batches beside the predictions of theory.</summary>
    MiniBatch,

    /// <summary>λ_max of every layer alone.</summary>
    Layers,

    /// <summary>Norms of the parameters.</summary>
    Weights,

    /// <summary>λ_max and trace of the diagonal block of every module.</summary>
    Modules,
}
