using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Curvature.Statistics;

/// <summary>(1/N) Σ ‖(A_i − A) v‖², along given directions and, P times its mean over random unit vectors, summed over all elements.</summary>
internal sealed class HessianVariance(
    Linearization at, LinearizationOperator curvature, SampleVariance samples, VarianceOptions options, CancellationToken cancellation)
{
    // Numbers in the directions that one pass over the samples serves: 256 MiB of float64 for both bases.
    private const long NumbersAtOnce = 1L << 24;
    private const int DirectionsAtOnce = 32;

    private double _largestProduct;

    /// <summary>Passes over the probe set, a product of every sample in each.</summary>
    internal long Passes { get; private set; }

    /// <summary>Whether unit vectors took the place of random ones and nothing was drawn: the result is exact.</summary>
    internal bool IsExact => options.Probes >= at.ParameterCount && samples.Form == VarianceForm.PerSample;

    internal Estimate Isotropic()
    {
        var parameters = at.ParameterCount;
        // Random batches draw a partition a probe, which unit vectors would not average over.
        var unit = options.Probes >= parameters && samples.Form != VarianceForm.RandomBatches;
        var count = unit ? (int)parameters : options.Probes;
        var probes = new RunningMoments();
        double[]? groupTotals = null;
        ForChunks(count, (i, v) => FillProbe(v, i, unit), (partition, terms, width) =>
        {
            groupTotals ??= new double[terms.Length / width];
            for (var column = 0; column < width; column++)
            {
                var values = Column(terms, width, column);
                probes.Add(parameters * values.Average());
                for (var j = 0; j < groupTotals.Length; j++)
                {
                    groupTotals[j] += parameters * values[j] / count;
                }
            }
        });
        var error = unit ? 0 : probes.StandardError;
        if (samples.Form == VarianceForm.FixedBatches)
        {
            error = Math.Sqrt((error * error) + Square(Spread(groupTotals!).StandardError));
        }

        return Bounded(probes.Mean, error, parameters);
    }

    internal Estimate[] Along(IReadOnlyList<Vector> directions)
    {
        var partitions = samples.Form == VarianceForm.RandomBatches ? options.Partitions : 1;
        var moments = new RunningMoments[directions.Count];
        var fixedError = new double[directions.Count];
        for (var partition = 0; partition < partitions; partition++)
        {
            var next = 0;
            ForChunks(directions.Count, (i, v) => Normalise(directions[i], v), (_, terms, width) =>
            {
                for (var column = 0; column < width; column++, next++)
                {
                    var spread = Spread(Column(terms, width, column));
                    moments[next].Add(spread.Mean);
                    fixedError[next] = spread.StandardError;
                }
            }, firstPartition: partition, samePartition: true);
        }

        return
        [
            .. moments.Select((along, i) => Bounded(
                along.Mean,
                samples.Form switch { VarianceForm.PerSample => 0, VarianceForm.RandomBatches => along.StandardError, _ => fixedError[i] },
                1)),
        ];
    }

    private void ForChunks(
        int count, Action<int, Vector> fill, Action<long, double[], int> take, long firstPartition = 0, bool samePartition = false)
    {
        var ownPartition = samples.Form == VarianceForm.RandomBatches && !samePartition;
        var capacity = ownPartition ? 1 : (int)Math.Clamp(NumbersAtOnce / at.ParameterCount, 1, Math.Min(DirectionsAtOnce, Math.Max(1, count)));
        using var directions = new Basis(at.ParameterCount, capacity, at.ElementType, at.Device);
        using var centres = new Basis(at.ParameterCount, capacity, at.ElementType, at.Device);
        using var direction = Vector.Zeros(at.ParameterCount, at.ElementType, at.Device);
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
                _largestProduct = Math.Max(_largestProduct, centre.Norm());
            }

            var partition = firstPartition + (ownPartition ? first : 0);
            take(partition, samples.ProductTerms(curvature.Kind, samples.Groups(partition), directions, centres, cancellation), directions.Count);
            Passes += directions.Count;
        }
    }

    private void FillProbe(Vector v, int probe, bool unit)
    {
        if (unit)
        {
            var values = new double[v.Length];
            values[probe] = 1;
            v.CopyFrom(values);
            return;
        }

        // Of all unit vectors with E[v vᵀ] = I/P those of equal entries spread least: the diagonal does not.
        IsotropicStart.Fill(v, IsotropicStart.ProbeSeed(options.Seed, probe), StartDistribution.Rademacher);
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
        var rounding = (2 * unit * (value + (scale * Square(_largestProduct)))) + (scale * Square(unit * curvature.CancellationScale));
        return new Estimate(value, Math.Max(error, rounding));
    }

    private static RunningMoments Spread(double[] values)
    {
        var moments = new RunningMoments();
        foreach (var value in values)
        {
            moments.Add(value);
        }

        return moments;
    }

    private static double[] Column(double[] terms, int width, int column)
    {
        var values = new double[terms.Length / width];
        for (var j = 0; j < values.Length; j++)
        {
            values[j] = terms[(j * width) + column];
        }

        return values;
    }

    private static double Square(double value) => value * value;
}
