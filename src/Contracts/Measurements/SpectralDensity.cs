namespace CurvatureMonitor.Contracts.Measurements;

/// <summary>
/// The eigenvalue density of A as a stem plot: μ = Σ w_i δ(θ_i) with Σ w_i = 1, an estimate of (1/P) Σ_k δ(λ_k).
/// </summary>
/// <remarks>
/// From m Lanczos steps with a unit start vector v, with nodes θ_i and weights s_{1,i}², it is the Gauss quadrature of
/// the density seen from v: Σ w_i θ_i^k = vᵀA^k v exactly for k ≤ 2m − 1. For isotropic v that is unbiased for tr A^k /
/// P, with standard deviation √(2/(P+2) · (⟨λ^{2k}⟩ − ⟨λ^k⟩²)) for one probe uniform on the sphere.
/// </remarks>
public sealed class SpectralDensity
{
    private readonly double[] _nodes;
    private readonly double[] _weights;

    private SpectralDensity(double[] nodes, double[] weights, long dimension, int probes)
    {
        _nodes = nodes;
        _weights = weights;
        Dimension = dimension;
        Probes = probes;
    }

    /// <summary>θ_i, smallest first.</summary>
    public IReadOnlyList<double> Nodes => _nodes;

    /// <summary>w_i, the share of the eigenvalues that node i stands for; sum 1.</summary>
    public IReadOnlyList<double> Weights => _weights;

    /// <summary>P, the number of eigenvalues.</summary>
    public long Dimension { get; }

    /// <summary>How many start vectors were averaged.</summary>
    public int Probes { get; }

    /// <summary>Stems a probe, rounded up: the number of Lanczos steps that a probe took.</summary>
    public int StemsPerProbe => (_nodes.Length + Probes - 1) / Probes;

    /// <summary>
    /// The estimate of tr A = P·Σ w_i θ_i, with the standard error that the density itself predicts for so many probes.
    /// </summary>
    public Estimate Trace
    {
        get
        {
            var mean = Moment(1);
            var variance = 0.0;
            for (var i = 0; i < _nodes.Length; i++)
            {
                variance += _weights[i] * (_nodes[i] - mean) * (_nodes[i] - mean);
            }

            return new Estimate(Dimension * mean, Dimension * Math.Sqrt(2.0 / (Dimension + 2) * variance / Probes));
        }
    }

    /// <summary>A density from its stems, in any order.</summary>
    /// <param name="nodes">θ_i, at least one, finite.</param>
    /// <param name="weights">As many, not negative, not all zero; scaled to sum 1.</param>
    /// <param name="dimension">P.</param>
    /// <param name="probes">How many start vectors went into it.</param>
    /// <exception cref="ArgumentException">The stems are none, or not finite, or a weight is negative.</exception>
    public static SpectralDensity Create(
        IReadOnlyList<double> nodes,
        IReadOnlyList<double> weights,
        long dimension,
        int probes = 1
    )
    {
        var sum = Check(nodes, weights, dimension, probes);

        // The squares of a unit vector's entries sum to 1 up to rounding; made exact here, so that distribution
        // functions end at 1.
        var sortedNodes = nodes.ToArray();
        var sortedWeights = weights.Select(weight => weight / sum).ToArray();
        Array.Sort(sortedNodes, sortedWeights);
        return new SpectralDensity(sortedNodes, sortedWeights, dimension, probes);
    }

    /// <summary>
    /// A density from the stems of one that was written down, to the last bit: scaling them again would change their
    /// last digits.
    /// </summary>
    /// <param name="nodes">θ_i as they were, the smallest first.</param>
    /// <param name="weights">The weights as they were, of sum 1 up to rounding.</param>
    /// <param name="dimension">P.</param>
    /// <param name="probes">How many start vectors went into it.</param>
    /// <exception cref="ArgumentException">The stems are none of a density.</exception>
    public static SpectralDensity Restore(
        IReadOnlyList<double> nodes,
        IReadOnlyList<double> weights,
        long dimension,
        int probes
    )
    {
        const double rounding = 1e-9;
        if (
            Math.Abs(Check(nodes, weights, dimension, probes) - 1) > rounding
            || !nodes.Zip(nodes.Skip(1)).All(pair => pair.First <= pair.Second)
        )
        {
            throw new ArgumentException("the stems are none of a density: nodes must be sorted, and weights sum to 1");
        }

        return new SpectralDensity([.. nodes], [.. weights], dimension, probes);
    }

    private static double Check(IReadOnlyList<double> nodes, IReadOnlyList<double> weights, long dimension, int probes)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(probes, 1);
        if (nodes.Count == 0 || nodes.Count != weights.Count)
        {
            throw new ArgumentException(
                $"a density needs as many weights as nodes, and at least one; it got {nodes.Count} nodes and "
                    + $"{weights.Count} weights"
            );
        }

        var sum = weights.Sum();
        if (!nodes.All(double.IsFinite) || !weights.All(weight => weight >= 0) || !double.IsFinite(sum) || sum == 0)
        {
            throw new ArgumentException("nodes must be finite, weights finite, not negative and not all zero");
        }

        return sum;
    }

    /// <summary>
    /// The mean of several densities of the same operator, each from its own probe; a probe counts as one whatever its
    /// number of steps.
    /// </summary>
    /// <exception cref="ArgumentException">There are none, or their dimensions differ.</exception>
    public static SpectralDensity Average(IReadOnlyCollection<SpectralDensity> densities)
    {
        ArgumentNullException.ThrowIfNull(densities);
        if (densities.Count == 0 || densities.Any(density => density.Dimension != densities.First().Dimension))
        {
            throw new ArgumentException(
                "an average needs at least one density, and all of the same dimension",
                nameof(densities)
            );
        }

        return Create(
            [.. densities.SelectMany(density => density._nodes)],
            [.. densities.SelectMany(density => density._weights.Select(weight => weight * density.Probes))],
            densities.First().Dimension,
            densities.Sum(density => density.Probes)
        );
    }

    /// <summary>Σ w_i θ_i^k, the estimate of tr A^k / P.</summary>
    /// <param name="order">k, 0 or more.</param>
    public double Moment(int order)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(order);
        var sum = 0.0;
        for (var i = 0; i < _nodes.Length; i++)
        {
            sum += _weights[i] * Math.Pow(_nodes[i], order);
        }

        return sum;
    }

    /// <summary>
    /// The share of eigenvalues at or below <paramref name="value"/>: 0 below the first node, 1 from the last on.
    /// </summary>
    public double Cumulative(double value)
    {
        if (value >= _nodes[^1])
        {
            return 1;
        }

        var sum = 0.0;
        for (var i = 0; i < _nodes.Length && _nodes[i] <= value; i++)
        {
            sum += _weights[i];
        }

        return Math.Min(sum, 1);
    }

    /// <summary>
    /// The share of eigenvalues below −<paramref name="tolerance"/>, with the standard error of a share that is seen
    /// from so many probes: √(2/((P + 2)·probes) · p(1 − p)).
    /// </summary>
    /// <remarks>
    /// Without a tolerance it may count much of the null space: the stem that stands for it lies on either side of zero
    /// by chance (thesis, section 4.6.1: 37 %, of which all but 0.05 % at −0.0003). The stems nearest zero are what
    /// rank degeneracy is made of.
    /// </remarks>
    /// <param name="tolerance">How far below zero still counts as zero, not negative.</param>
    public Estimate NegativeEigenvalues(double tolerance = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(tolerance);
        var share = 0.0;
        for (var i = 0; i < _nodes.Length && _nodes[i] < -tolerance; i++)
        {
            share += _weights[i];
        }

        share = Math.Min(share, 1);
        return new Estimate(share, Math.Sqrt(2.0 / ((Dimension + 2.0) * Probes) * share * (1 - share)));
    }

    /// <summary>
    /// The share m of Σ|λ| that eigenvalues below −<paramref name="tolerance"/> make up, in which the null space weighs
    /// nothing; null for the zero operator. Its standard error follows from that of the weights, to first order:
    /// √(2/((P + 2)·probes) · Σ w λ² (1[λ &lt; 0] − m)²) / Σ w|λ|.
    /// </summary>
    /// <param name="tolerance">How far below zero still counts as zero, not negative.</param>
    public Estimate? NegativeMass(double tolerance = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(tolerance);
        var (negative, all, negativeSquares, squares) = (0.0, 0.0, 0.0, 0.0);
        for (var i = 0; i < _nodes.Length; i++)
        {
            var (size, weight) = (Math.Abs(_nodes[i]), _weights[i]);
            all += weight * size;
            squares += weight * size * size;
            if (_nodes[i] < -tolerance)
            {
                negative += weight * size;
                negativeSquares += weight * size * size;
            }
        }

        if (all <= 0)
        {
            return null;
        }

        var mass = negative / all;
        var spread = ((1 - (2 * mass)) * negativeSquares) + (mass * mass * squares);
        return new Estimate(mass, Math.Sqrt(2.0 / ((Dimension + 2.0) * Probes) * Math.Max(0, spread)) / all);
    }
}
