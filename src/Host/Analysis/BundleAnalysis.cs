namespace CurvatureMonitor.Host.Analysis;

/// <summary>What <c>curvature analyze</c> can be asked for. The first four are what it measures by itself.</summary>
internal enum BundleAnalysis
{
    /// <summary>The two ends of the spectrum.</summary>
    Sharpness,

    /// <summary>Ends, largest eigenvalues and density.</summary>
    Spectrum,

    /// <summary>Trace and Frobenius norm.</summary>
    Trace,

    /// <summary>Variance of the gradient and of the operators over samples.</summary>
    Variance,

    /// <summary>The k largest and k smallest eigenvalues to a tolerance, repeated ones as often as they are.</summary>
    Eigenpairs,

    /// <summary>Smooth curves of the density.</summary>
    Views,

    /// <summary>What the density says: negative mass, bulk and outliers, null space, effective rank.</summary>
    Shape,

    /// <summary>The density with the outliers taken out and put back as atoms.</summary>
    Deflated,

    /// <summary>
    /// The gradient in the top eigenspace, and what became of the eigenvectors of an earlier checkpoint.
    /// </summary>
    Tracking,

    /// <summary>Curvature along the gradients of random batches.</summary>
    BatchSharpness,

    /// <summary>λ_max as Adam sees it.</summary>
    PreconditionedSharpness,

    /// <summary>Spectra of random batches beside what theory predicts of them.</summary>
    MiniBatch,

    /// <summary>λ_max of every layer alone.</summary>
    Layers,

    /// <summary>Norms of the parameters.</summary>
    Weights,
}
