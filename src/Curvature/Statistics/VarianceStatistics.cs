using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Statistics;

/// <summary>How much one operator differs between samples.</summary>
/// <param name="linearization">The objective at θ.</param>
/// <param name="time">The clock that the cost is measured with.</param>
internal sealed class VarianceStatistics(Linearization linearization, TimeProvider time)
{
    public VarianceMeasurement Measure(
        OperatorKind kind,
        VarianceOptions options,
        IReadOnlyList<Vector> directions,
        CancellationToken cancellationToken
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegative(options.Probes);
        ArgumentOutOfRangeException.ThrowIfEqual(options.Probes, 1);
        var samples = new SampleVariance(linearization, options.Form, options.BatchSize, options.Seed);
        ArgumentOutOfRangeException.ThrowIfLessThan(
            options.Partitions,
            samples.Form == VarianceForm.RandomBatches ? 2 : 1,
            nameof(options)
        );
        var meter = new CostMeter(linearization, time);
        var curvature = LinearizationOperator.Create(kind, linearization);
        using var scratch = curvature as IDisposable;
        var variance = new HessianVariance(linearization, curvature, samples, options, cancellationToken);
        var along = directions.Count > 0 ? variance.Along(directions) : [];
        var isotropic = options.Probes > 0 ? variance.Isotropic(directions) : null;
        return new VarianceMeasurement(
            isotropic,
            along,
            samples.Form,
            samples.BatchSize,
            variance.IsExact,
            Provenance.Of(linearization, kind, 0, options.Probes, options.Seed),
            meter.Cost(curvature.Products + (variance.Passes * LinearizationOperator.ProductsOf(kind)))
        );
    }
}
