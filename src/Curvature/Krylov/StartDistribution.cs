namespace CurvatureMonitor.Curvature.Krylov;

/// <summary>How the entries of a random start vector are drawn before it is normalised.</summary>
public enum StartDistribution
{
    /// <summary>Standard normal: the unit vector is uniform on the sphere.</summary>
    Normal,

    /// <summary>−1 or 1, each with probability one half.</summary>
    Rademacher,
}
