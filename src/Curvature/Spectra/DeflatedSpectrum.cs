using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Spectra;

/// <summary>
/// The density of an operator whose outliers are known: Lanczos on the rest, the outliers put back as atoms of mass
/// 1/P.
/// </summary>
/// <remarks>
/// Papyan 2019, section 5.7 (low-rank deflation). All steps then resolve the bulk, and the outliers carry their exact
/// mass instead of a random one. The start vectors lie in the complement of the outliers, so that no C zeros that
/// deflation made are counted: the stems stand for the P − C other eigenvalues, with mass (P − C)/P together.
/// </remarks>
public static class DeflatedSpectrum
{
    /// <summary>Measures the density.</summary>
    /// <param name="symmetric">A.</param>
    /// <param name="vectors">The outliers' eigenvectors [P, C], orthonormal; from subspace iteration or Lanczos. Fewer
    /// than P.</param>
    /// <param name="values">Their eigenvalues qᵀAq, in the order of the vectors.</param>
    /// <param name="options">How far Lanczos goes on the rest; a product a step.</param>
    /// <param name="probes">Start vectors to average over.</param>
    /// <param name="seed">Seed of the start vectors.</param>
    /// <param name="cancellationToken">Looked at before every product.</param>
    /// <exception cref="ArgumentException">The vectors and values do not fit each other or the operator.</exception>
    /// <exception cref="NonFiniteException">A product was not finite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static SpectralDensity Measure(
        ISymmetricOperator symmetric,
        Basis vectors,
        IReadOnlyList<double> values,
        LanczosOptions? options = null,
        int probes = 1,
        long seed = 0,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(symmetric);
        ArgumentNullException.ThrowIfNull(vectors);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfLessThan(probes, 1);
        if (vectors.Count != values.Count || values.Count >= symmetric.Dimension)
        {
            throw new ArgumentException(
                $"there must be a value for every vector and fewer than the dimension; got {values.Count} values, "
                    + $"{vectors.Count} vectors, "
                    + $"dimension {symmetric.Dimension}",
                nameof(values)
            );
        }

        options ??= new LanczosOptions();
        var rest = symmetric.Dimension - values.Count;

        // The complement has P − C dimensions; a step more would only find the zeros that deflation made.
        options = options with { Steps = (int)Math.Min(options.Steps, rest) };
        using var deflated = new DeflatedOperator(symmetric, vectors);
        using var start = Vector.Zeros(symmetric.Dimension, symmetric.ElementType, symmetric.Device);
        var densities = new List<SpectralDensity>(probes);
        for (var probe = 0; probe < probes; probe++)
        {
            IsotropicStart.Fill(start, IsotropicStart.ProbeSeed(seed, probe));
            vectors.Orthogonalise(start);
            vectors.Orthogonalise(start);
            using var decomposition = Lanczos.Run(deflated, start, options, progress: null, cancellationToken);
            densities.Add(SpectralDensity.From(decomposition));
        }

        var bulk = SpectralDensity.Average(densities);
        var share = rest / (double)symmetric.Dimension;
        return SpectralDensity.Create(
            [.. bulk.Nodes, .. values],
            [.. bulk.Weights.Select(weight => weight * share), .. values.Select(_ => 1.0 / symmetric.Dimension)],
            symmetric.Dimension,
            probes
        );
    }

    /// <summary>Finds the outliers by subspace iteration, then measures.</summary>
    /// <inheritdoc
    /// cref="Measure(ISymmetricOperator, Basis, IReadOnlyList{double}, LanczosOptions?, int, long, CancellationToken)"
    /// />
    public static SpectralDensity Measure(
        ISymmetricOperator symmetric,
        SubspaceIterationOptions outliers,
        LanczosOptions? options = null,
        int probes = 1,
        long seed = 0,
        CancellationToken cancellationToken = default
    )
    {
        using var top = SubspaceIteration.Run(symmetric, outliers, cancellationToken);
        return Measure(
            symmetric,
            top.Vectors,
            [.. top.Values.Select(value => value.Value)],
            options,
            probes,
            seed,
            cancellationToken
        );
    }
}
