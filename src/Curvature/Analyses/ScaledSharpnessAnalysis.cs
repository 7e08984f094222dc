using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Curvature.Analyses;

/// <summary>
/// λ_max of D^½ A D^½, where D has the learning rate of every parameter's group: with rates that differ, a step is
/// θ ← θ − D g, which has the stability of a rate of 1 on that operator. Adam's is D^½ P^-½ A P^-½ D^½.
/// </summary>
public static class ScaledSharpnessAnalysis
{
    /// <summary>The reason why it cannot be measured, on one line; null where it can.</summary>
    /// <param name="context">The checkpoint.</param>
    public static string? Obstacle(AnalysisContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var optimizer = context.Optimizer;
        if (optimizer.ScaledLimit is null)
        {
            return optimizer.NoLimitAt(context.Checkpoint.LearningRate) ?? "the groups' learning rates do not differ";
        }

        if (optimizer.IsAdaptive && PreconditionedSharpnessAnalysis.Obstacle(context) is { } obstacle)
        {
            return obstacle;
        }

        var names = context.Linearization.Objective.Parameters.Select(slot => slot.Name).ToHashSet();
        return optimizer.RatedGroups!.SelectMany(group => group.Parameters!).Any(names.Contains)
            ? null
            : "the optimiser's groups name no parameter of the model";
    }

    /// <summary>
    /// Measures one operator, always from a cold start, so that the result depends on the checkpoint alone.
    /// </summary>
    /// <param name="context">The checkpoint.</param>
    /// <param name="kind">Which operator.</param>
    /// <exception cref="AnalysisRefusedException">The rates do not differ, or are not known.</exception>
    /// <exception cref="NonFiniteException">A product was not finite.</exception>
    /// <exception cref="DerivativeException">libtorch refused, for example for want of memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ScaledSharpness Measure(AnalysisContext context, OperatorKind kind)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Covering(own => Find(own, kind), RoundingBars.Widen);
    }

    private static ScaledSharpness Find(AnalysisContext context, OperatorKind kind)
    {
        if (Obstacle(context) is { } obstacle)
        {
            throw new AnalysisRefusedException(obstacle);
        }

        context.Progress.Begin($"{kind.Label()} sharpness scaled by the groups' learning rates");
        var (linearization, checkpoint, optimizer) = (context.Linearization, context.Checkpoint, context.Optimizer);
        var meter = context.Meter();
        var curvature = LinearizationOperator.Create(kind, linearization);
        using var scratch = curvature as IDisposable;
        using var roots = Vector.From(RateRoots(context), linearization.ElementType, linearization.Device);
        using var scaled = PreconditionedOperator.ForStep(
            curvature,
            optimizer.IsAdaptive ? checkpoint.SecondMoments : null,
            optimizer.IsAdaptive ? optimizer.PreconditionerAt(checkpoint.OptimizerStep!.Value) : null,
            roots
        );
        var options = ExtremalSearches.Single(context.Settings) with { Top = 1, Bottom = 0, ComputeVectors = false };
        using var result = ExtremalEigenpairs.Find(scaled, options, cancellationToken: context.Cancellation);
        return new ScaledSharpness(result.LambdaMax!, result.Converged, meter.Cost(curvature.Products));
    }

    // A parameter that no group has is not stepped: its rate is 0.
    private static double[] RateRoots(AnalysisContext context)
    {
        var rates = context
            .Optimizer.RatedGroups!.SelectMany(group =>
                group.Parameters!.Select(name => (Name: name, Rate: group.LearningRate!.Value))
            )
            .GroupBy(pair => pair.Name, StringComparer.Ordinal)
            .ToDictionary(pairs => pairs.Key, pairs => pairs.First().Rate, StringComparer.Ordinal);
        double[] roots = new double[context.Parameters];
        foreach (var slot in context.Linearization.Objective.Parameters)
        {
            Array.Fill(roots, Math.Sqrt(rates.GetValueOrDefault(slot.Name)), (int)slot.Offset, (int)slot.Count);
        }

        return roots;
    }
}
