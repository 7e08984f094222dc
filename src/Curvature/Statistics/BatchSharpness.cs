using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Statistics;

/// <summary>The curvature that random batches see along their own gradients.</summary>
/// <param name="linearization">The objective at θ.</param>
/// <param name="time">The clock that the cost is measured with.</param>
internal sealed class BatchSharpness(Linearization linearization, TimeProvider time)
{
    public BatchSharpnessMeasurement Measure(
        OperatorKind kind,
        BatchSharpnessOptions options,
        CancellationToken cancellationToken
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Batches, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.BatchSize, linearization.SampleCount);
        var meter = new CostMeter(linearization, time);
        var quotients = new double[options.Batches];
        for (var batch = 0; batch < options.Batches; batch++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var chosen = Shuffle.Draw(
                linearization.SampleCount,
                options.BatchSize,
                IsotropicStart.ProbeSeed(options.Seed, batch)
            );
            linearization.GroupRayleighQuotients(
                SampleVariance.Product(kind),
                SampleGroups.Cut(chosen, options.BatchSize),
                quotients.AsSpan(batch, 1)
            );
            Finite.Require([quotients[batch]], "the curvature along a batch's gradient (which may be zero)");
        }

        var sharpness = RunningMoments.Of(quotients).Mean;
        var passes =
            (((long)options.Batches * options.BatchSize) + linearization.SampleCount - 1) / linearization.SampleCount;
        var rounding = Precision.Product(linearization.ElementType) * Math.Abs(sharpness);
        return new BatchSharpnessMeasurement(
            new Estimate(sharpness, Math.Max(SmallSample.ErrorOf(quotients), rounding)),
            options.BatchSize,
            options.Batches,
            Provenance.Of(linearization, kind, 0, options.Batches, options.Seed),
            meter.Cost(passes * LinearizationOperator.ProductsOf(kind))
        );
    }
}
