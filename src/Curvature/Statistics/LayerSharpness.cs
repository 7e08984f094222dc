using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Statistics;

/// <summary>The largest eigenvalue of every layer's diagonal block: modules of one tensor each.</summary>
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
        ModuleGroup[] tensors =
        [
            .. linearization
                .Objective.Parameters.Select((slot, i) => new ModuleGroup(slot.Name, [i], slot.Count))
                .Where(tensor => tensor.Parameters > 0),
        ];
        var measured = new BlockSharpness(linearization, time).Measure(kind, tensors, options, cancellationToken);
        return new LayerSharpnessMeasurement(
            [.. tensors.Select((tensor, i) => new LayerEstimate(tensor.Name, tensor.Parameters, measured.Values[i]))],
            measured.Converged,
            Provenance.Of(linearization, kind, measured.Steps, 1, options.Seed),
            measured.Cost
        );
    }
}
