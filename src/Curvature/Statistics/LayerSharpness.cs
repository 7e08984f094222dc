using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Statistics;

/// <summary>The largest eigenvalue of every layer's diagonal block.</summary>
/// <param name="linearization">The objective at θ.</param>
/// <param name="time">The clock that the cost is measured with.</param>
internal sealed class LayerSharpness(Linearization linearization, TimeProvider time)
{
    public LayerSharpnessMeasurement Measure(
        OperatorKind kind,
        ExtremalOptions options,
        CancellationToken cancellationToken
    )
    {
        options = options with { Top = 1, Bottom = 0, ComputeVectors = false };
        var meter = new CostMeter(linearization, time);
        var curvature = LinearizationOperator.Create(kind, linearization);
        using var scratch = curvature as IDisposable;
        var layers = new List<LayerEstimate>();
        var (converged, steps) = (true, 0);
        foreach (var slot in linearization.Objective.Parameters)
        {
            using var block = new BlockOperator(curvature, slot.Name, slot.Offset, slot.Count);
            using var result = ExtremalEigenpairs.Find(block, options, cancellationToken: cancellationToken);
            layers.Add(new LayerEstimate(slot.Name, slot.Count, result.LambdaMax!));
            converged &= result.Converged;
            steps = Math.Max(steps, result.Steps);
        }

        return new LayerSharpnessMeasurement(
            layers,
            converged,
            Provenance.Of(linearization, kind, steps, 1, options.Seed),
            meter.Cost(curvature.Products)
        );
    }
}
