namespace CurvatureMonitor.Host.Analysis;

/// <summary>What <c>curvature analyze</c> can be asked for.</summary>
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
}
