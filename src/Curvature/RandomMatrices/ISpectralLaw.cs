namespace CurvatureMonitor.Curvature.RandomMatrices;

/// <summary>The limit to which the eigenvalue density of a random matrix converges as the matrix grows.</summary>
public interface ISpectralLaw
{
    /// <summary>λ₋, the lower edge of the continuous part.</summary>
    double LowerEdge { get; }

    /// <summary>λ₊, the upper edge of the continuous part.</summary>
    double UpperEdge { get; }

    /// <summary>
    /// The continuous part of the density at <paramref name="value"/>, per unit of eigenvalue; 0 outside the edges.
    /// </summary>
    double Density(double value);

    /// <summary>The share of eigenvalues at or below <paramref name="value"/>, atoms included.</summary>
    double Cumulative(double value);

    /// <summary>∫ λ^k dμ(λ).</summary>
    /// <param name="order">k, 0 or more.</param>
    double Moment(int order);

    /// <summary>
    /// Where an eigenvalue s of a matrix of low rank is found after a random matrix with this law, of much larger rank
    /// and free from it, is added.
    /// </summary>
    /// <remarks>
    /// s + R(1/s) where |s| is beyond the threshold 1/G(edge), else the edge itself (Benaych-Georges and Nadakuditi
    /// 2011, theorem 2.1; thesis, lemma 15). R is the R-transform of the law and G its Stieltjes transform.
    /// </remarks>
    /// <param name="spike">s; not zero.</param>
    double SpikeLocation(double spike);
}
