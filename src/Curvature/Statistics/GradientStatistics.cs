using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Statistics;

/// <summary>Norms of the gradient, its variance over samples, and the gradient noise scale.</summary>
/// <param name="linearization">The objective at θ.</param>
/// <param name="time">The clock that the cost is measured with.</param>
internal sealed class GradientStatistics(Linearization linearization, TimeProvider time)
{
    public GradientMeasurement Measure(GradientOptions options, CancellationToken cancellationToken)
    {
        var samples = new SampleVariance(linearization, options.Form, options.BatchSize, options.Seed);
        var partitions = samples.Form == VarianceForm.RandomBatches ? options.Partitions : 1;
        ArgumentOutOfRangeException.ThrowIfLessThan(
            partitions,
            samples.Form == VarianceForm.RandomBatches ? 2 : 1,
            nameof(options)
        );
        var meter = new CostMeter(linearization, time);
        using var gradient = linearization.Zeros();
        linearization.CopyGradient(gradient);
        var (norm, maximum) = (gradient.Norm(), gradient.MaxAbs());
        Finite.Require(norm, maximum, "the gradient");

        double[] terms = [];
        var draws = new RunningMoments();
        for (var partition = 0; partition < partitions; partition++)
        {
            terms = samples.GradientTerms(samples.Groups(partition), gradient, cancellationToken);
            draws.Add(RunningMoments.Of(terms).Mean);
        }

        var unit = Precision.Product(linearization.ElementType);
        var spread = samples.Form switch
        {
            VarianceForm.RandomBatches => SmallSample.ErrorOfPositive(draws),
            VarianceForm.FixedBatches => SmallSample.ErrorOfPositive(RunningMoments.Of(terms)),
            _ => 0,
        };
        var variance = new Estimate(draws.Mean, Math.Max(spread, unit * (draws.Mean + (norm * norm))));
        return new GradientMeasurement(
            new Estimate(norm, unit * norm),
            new Estimate(maximum, unit * norm),
            variance,
            NoiseScale(samples, terms, partitions, variance, gradient, options.Seed, cancellationToken),
            samples.Form,
            samples.BatchSize,
            meter.Cost(0)
        );
    }

    private Estimate? NoiseScale(
        SampleVariance samples,
        double[] terms,
        int partitions,
        Estimate variance,
        Vector gradient,
        long seed,
        CancellationToken cancellationToken
    )
    {
        var square = gradient.Norm() * gradient.Norm();
        if (square <= 0 || terms.Length < 2)
        {
            return null;
        }

        // Terms of single samples are put together in groups, which need not go through the model one by one; those of
        // batches are such groups already.
        var order = NoiseScaleError.Order(linearization.SampleCount, seed);
        var perSample = samples.Form == VarianceForm.PerSample;
        var groups = perSample
            ? NoiseScaleError.Cut(order, linearization.Objective.MicroBatch)
            : samples.Groups(partitions - 1);
        var spreads = perSample ? NoiseScaleError.Means(terms, order, groups) : terms;
        var projections = samples.Projections(groups, gradient, square, cancellationToken);
        var error = NoiseScaleError.Of(groups, spreads, projections, variance.Value, square);
        return new Estimate(variance.Value / square, Math.Max(error, variance.Error / square));
    }
}
