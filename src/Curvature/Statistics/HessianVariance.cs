using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Statistics;

/// <summary>
/// The variance of the samples' matrices A_i, tr S with S = (1/N) Σ (A_i − A)², and vᵀS v along given directions. S v
/// itself is never formed: vᵀS v = (1/N) Σ ‖(A_i − A) v‖².
/// </summary>
/// <remarks>
/// tr S = Σ qᵀS q + E[wᵀS w] with w = (I − QQᵀ) z, z a Rademacher vector and Q the given directions, as in
/// <see cref="StochasticTrace"/>; without directions this is P E[vᵀS v] over random unit vectors v = z/√P.
/// </remarks>
internal sealed class HessianVariance(
    Linearization at,
    LinearizationOperator curvature,
    SampleVariance samples,
    VarianceOptions options,
    CancellationToken cancellation
)
{
    // Numbers in the directions that one pass over the samples serves: 256 MiB of float64 for directions and their
    // products.
    private const long NumbersAtOnce = 1L << 24;
    private const int DirectionsAtOnce = 32;

    // Squares of the largest ‖A v‖/‖v‖, for the rounding error.
    private double _largestProduct;
    private VarianceSums? _given;

    /// <summary>Passes over the probe set, a product of every sample in each.</summary>
    internal long Passes { get; private set; }

    /// <summary>
    /// Whether the isotropic variance leaves nothing to chance: unit vectors in place of random ones, and every sample
    /// by itself.
    /// </summary>
    internal bool IsExact => UsesUnitVectors && samples.Form == VarianceForm.PerSample;

    // Random batches draw a partition a probe, which unit vectors would not average over.
    private bool UsesUnitVectors => options.Probes >= at.ParameterCount && samples.Form != VarianceForm.RandomBatches;

    /// <summary>vᵀS v for every direction v, scaled to unit length.</summary>
    internal Estimate[] Along(IReadOnlyList<Vector> directions)
    {
        _given = Sum(directions.Count, (i, v) => Normalise(directions[i], v), options.Partitions);
        return [.. _given.Directions.Select((along, i) => Bounded(along.Mean, _given.ErrorOf(i), 1))];
    }

    /// <summary>tr S.</summary>
    /// <param name="directions">The directions Q; need not be orthonormal. What <see cref="Along"/> found for them is
    /// taken over where they are; else the products are made again.</param>
    internal Estimate Isotropic(IReadOnlyList<Vector> directions)
    {
        var parameters = at.ParameterCount;
        if (UsesUnitVectors)
        {
            var all = Sum((int)parameters, FillUnit, 1);
            return Bounded(all.Total, all.TotalError, parameters);
        }

        using var basis = OrthonormalBasis.Of(directions, parameters, at.ElementType, at.Device);
        var known = basis is null ? null : InBasis(basis, directions);
        var rest = Sum(options.Probes, (i, v) => FillRandom(v, i, basis), partitions: null);

        // The groups of a fixed order are the same for all directions, so that their errors add up group by group.
        var ofGroups = samples.Form == VarianceForm.FixedBatches ? rest.Combined(known) : (known?.TotalError ?? 0);
        var ofProbes = SmallSample.ErrorOfPositive(rest.Probes, isRemainder: known is not null);
        var error = Math.Sqrt(Square(ofGroups) + Square(ofProbes));
        return Bounded((known?.Total ?? 0) + rest.Probes.Mean, error, parameters);
    }

    private VarianceSums InBasis(Basis basis, IReadOnlyList<Vector> directions) =>
        _given is not null && IsGiven(basis, directions)
            ? _given
            : Sum(basis.Count, basis.CopyColumn, options.Partitions);

    // Whether Gram-Schmidt changed nothing but the lengths.
    private bool IsGiven(Basis basis, IReadOnlyList<Vector> directions)
    {
        if (basis.Count != directions.Count)
        {
            return false;
        }

        using var column = at.Zeros();
        for (var j = 0; j < basis.Count; j++)
        {
            basis.CopyColumn(j, column);
            if (1 - Math.Abs(column.Dot(directions[j]) / directions[j].Norm()) > Precision.Product(at.ElementType))
            {
                return false;
            }
        }

        return true;
    }

    // vᵀS v of each direction. With random batches: averaged over so many partitions, or, where that is null, each
    // direction with one of its own.
    private VarianceSums Sum(int count, Action<int, Vector> fill, int? partitions)
    {
        var sums = new VarianceSums(count, samples.Form);
        var ownPartition = partitions is null && samples.Form == VarianceForm.RandomBatches;
        var capacity = ownPartition
            ? 1
            : (int)Math.Clamp(NumbersAtOnce / at.ParameterCount, 1, Math.Min(DirectionsAtOnce, count));
        using var directions = new Basis(at.ParameterCount, capacity, at.ElementType, at.Device);
        using var centres = new Basis(at.ParameterCount, capacity, at.ElementType, at.Device);
        using var direction = at.Zeros();
        using var centre = direction.ZerosLike();
        for (var first = 0; first < count; first += capacity)
        {
            directions.Truncate(0);
            centres.Truncate(0);
            for (var i = first; i < Math.Min(count, first + capacity); i++)
            {
                cancellation.ThrowIfCancellationRequested();
                fill(i, direction);
                curvature.Apply(direction, centre);
                directions.Append(direction);
                centres.Append(centre);
                var square = direction.Dot(direction);
                _largestProduct = Math.Max(_largestProduct, square > 0 ? centre.Dot(centre) / square : 0);
            }

            var draws = samples.Form == VarianceForm.RandomBatches ? partitions ?? 1 : 1;
            for (var draw = 0; draw < draws; draw++)
            {
                var groups = samples.Groups(ownPartition ? first : draw);
                sums.Add(
                    first,
                    draw,
                    samples.ProductTerms(curvature.Kind, groups, directions, centres, cancellation),
                    directions.Count
                );
                Passes += directions.Count;
            }
        }

        return sums;
    }

    private static void FillUnit(int index, Vector v)
    {
        var values = new double[v.Length];
        values[index] = 1;
        v.CopyFrom(values);
    }

    private void FillRandom(Vector v, int probe, Basis? basis)
    {
        ProbeSigns.Fill(v, options.Seed, probe);
        basis?.Orthogonalise(v);
        basis?.Orthogonalise(v);
    }

    private static void Normalise(Vector direction, Vector unit)
    {
        unit.CopyFrom(direction);
        var norm = unit.Norm();
        if (!(norm > 0))
        {
            throw new ArgumentException("a direction is zero or not a number; give eigenvectors");
        }

        unit.Scale(1 / norm);
    }

    // A relative error δ of each product is one of 2δ of its square; what cancels in H − G leaves its own square.
    private Estimate Bounded(double value, double error, double scale)
    {
        var unit = Precision.Product(at.ElementType);
        var rounding =
            (2 * unit * (value + (scale * _largestProduct))) + (scale * Square(unit * curvature.CancellationScale));
        return new Estimate(value, Math.Max(error, rounding));
    }

    private static double Square(double value) => value * value;
}
