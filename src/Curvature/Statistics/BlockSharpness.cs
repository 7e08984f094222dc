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
    public BlockSharpnessResult Measure(
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

        return new BlockSharpnessResult(values, converged, steps, meter.Cost(curvature.Products));
    }
}
