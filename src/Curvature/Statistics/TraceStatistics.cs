using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Statistics;

/// <summary>Trace, Frobenius norm and the traces of the layers of one operator, from random probes.</summary>
/// <param name="linearization">The objective at θ.</param>
/// <param name="time">The clock that the cost is measured with.</param>
internal sealed class TraceStatistics(Linearization linearization, TimeProvider time)
{
    public TraceMeasurement Measure(
        OperatorKind kind,
        TraceOptions options,
        IReadOnlyList<Vector>? deflation,
        CancellationToken cancellationToken
    )
    {
        var (result, cost) = Estimate(kind, options, deflation, [], cancellationToken);
        return Measurement(kind, options.Seed, result, cost);
    }

    /// <summary>Projects a result.</summary>
    public TraceMeasurement Measurement(
        OperatorKind kind,
        long seed,
        StochasticTraceResult result,
        MeasurementCost cost
    ) =>
        new(
            result.Trace,
            result.Frobenius,
            result.Layers,
            result.Deflated,
            result.Exact,
            Provenance.Of(linearization, kind, 0, result.Probes, seed),
            cost
        );

    /// <summary>Estimates, the traces of modules too, with no more products for them.</summary>
    public (StochasticTraceResult Result, MeasurementCost Cost) Estimate(
        OperatorKind kind,
        TraceOptions options,
        IReadOnlyList<Vector>? deflation,
        IReadOnlyList<ModuleGroup> modules,
        CancellationToken cancellationToken
    )
    {
        var meter = new CostMeter(linearization, time);
        var curvature = LinearizationOperator.Create(kind, linearization);
        using var scratch = curvature as IDisposable;
        var result = StochasticTrace.Estimate(
            curvature,
            options,
            deflation,
            linearization.Objective.Parameters,
            modules,
            cancellationToken
        );
        return (result, meter.Cost(curvature.Products));
    }
}
