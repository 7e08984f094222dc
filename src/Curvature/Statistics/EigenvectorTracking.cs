using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Statistics;

/// <summary>Eigenvectors of an earlier checkpoint in the curvature of this one.</summary>
/// <param name="linearization">The objective at θ.</param>
/// <param name="time">The clock that the cost is measured with.</param>
internal sealed class EigenvectorTracking(Linearization linearization, TimeProvider time)
{
    public TrackingMeasurement Measure(
        OperatorKind kind,
        IReadOnlyList<Vector> earlier,
        IReadOnlyList<Vector> current,
        CancellationToken cancellationToken
    )
    {
        var meter = new CostMeter(linearization, time);
        var curvature = LinearizationOperator.Create(kind, linearization);
        using var scratch = curvature as IDisposable;
        using var gradient = linearization.Zeros();
        linearization.CopyGradient(gradient);
        var alignments = Eigenspaces.Alignments(gradient, current);
        return new TrackingMeasurement(
            Eigenspaces.Curvature(curvature, earlier, cancellationToken),
            Eigenspaces.Overlaps(earlier, current),
            Eigenspaces.SubspaceOverlap(earlier, current),
            Eigenspaces.Alignment(gradient, current),
            alignments,
            Provenance.Of(linearization, kind, 0, earlier.Count, 0),
            meter.Cost(curvature.Products)
        );
    }
}
