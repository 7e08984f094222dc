using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Statistics;

/// <summary>The largest eigenvalue of diagonal blocks, by Lanczos on each block.</summary>
/// <param name="linearization">The objective at θ.</param>
/// <param name="time">The clock that the cost is measured with.</param>
internal sealed class BlockSharpness(Linearization linearization, TimeProvider time)
{
    /// <summary>Measures the blocks of modules, one after the other; they may overlap.</summary>
    public Result Measure(
        OperatorKind kind,
        IReadOnlyList<ModuleGroup> modules,
        ExtremalOptions options,
        CancellationToken cancellationToken
    )
    {
        options = options with { Top = 1, Bottom = 0, ComputeVectors = false };
        var meter = new CostMeter(linearization, time);
        var curvature = LinearizationOperator.Create(kind, linearization);
        using var scratch = curvature as IDisposable;
        var slots = linearization.Objective.Parameters;
        var values = new List<Estimate>();
        var (converged, steps) = (true, 0);
        foreach (var module in modules)
        {
            var ranges = module.Tensors.Select(tensor => (slots[tensor].Offset, slots[tensor].Count));
            using var block = new BlockOperator(curvature, module.Name, ranges);
            using var result = ExtremalEigenpairs.Find(block, options, cancellationToken: cancellationToken);
            values.Add(result.LambdaMax!);
            converged &= result.Converged;
            steps = Math.Max(steps, result.Steps);
        }

        return new Result(values, converged, steps, meter.Cost(curvature.Products));
    }

    /// <summary>The largest eigenvalue of every tensor's block.</summary>
    public LayerSharpnessMeasurement Layers(
        OperatorKind kind,
        ExtremalOptions options,
        CancellationToken cancellationToken
    )
    {
        var slots = linearization.Objective.Parameters;
        ModuleGroup[] tensors =
        [
            .. slots
                .Select((slot, i) => new ModuleGroup(slot.Name, [i], slot.Count))
                .Where(tensor => tensor.Parameters > 0),
        ];
        var measured = Measure(kind, tensors, options, cancellationToken);
        return new LayerSharpnessMeasurement(
            [.. tensors.Select((tensor, i) => new LayerEstimate(tensor.Name, tensor.Parameters, measured.Values[i]))],
            measured.Converged,
            Provenance.Of(linearization, kind, measured.Steps, 1, options.Seed),
            measured.Cost
        );
    }

    /// <summary>What was found.</summary>
    /// <param name="Values">One a module, with its residual bound.</param>
    /// <param name="Converged">Whether every one reached the tolerance.</param>
    /// <param name="Steps">Lanczos steps of the longest search.</param>
    /// <param name="Cost">What it cost.</param>
    internal sealed record Result(IReadOnlyList<Estimate> Values, bool Converged, int Steps, MeasurementCost Cost);
}
