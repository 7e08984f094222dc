using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Curvature.Analyses;

/// <summary>The density with the outliers taken out by subspace iteration and put back as atoms.</summary>
public static class DeflatedAnalysis
{
    /// <summary>Measures one operator.</summary>
    /// <param name="context">The checkpoint.</param>
    /// <param name="kind">Which operator.</param>
    /// <exception cref="AnalysisRefusedException">There is a single parameter.</exception>
    /// <exception cref="NonFiniteException">A product was not finite.</exception>
    /// <exception cref="DerivativeException">libtorch refused, for example for want of memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static DeflatedMeasurement Measure(AnalysisContext context, OperatorKind kind)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Covering(own => Find(own, kind), RoundingBars.Widen);
    }

    private static DeflatedMeasurement Find(AnalysisContext context, OperatorKind kind)
    {
        var settings = context.Settings;
        var rank = (int)Math.Min(settings.Outliers, context.Parameters - 1);
        if (rank == 0)
        {
            throw new AnalysisRefusedException(
                "no deflated spectrum: a single parameter leaves nothing beside an outlier"
            );
        }

        context.Progress.Begin($"{kind.Label()} deflated spectrum, {rank} outliers");
        var meter = context.Meter();
        var curvature = LinearizationOperator.Create(kind, context.Linearization);
        using var scratch = curvature as IDisposable;
        using var outliers = SubspaceIteration.Run(
            curvature,
            new SubspaceIterationOptions { Rank = rank, Seed = settings.Seed },
            context.Cancellation
        );
        var steps = Math.Min(context.Plan.Steps, settings.LanczosSteps ?? KrylovPlan.FastSteps);
        var density = DeflatedSpectrum.Measure(
            curvature,
            outliers.Vectors,
            [.. outliers.Values.Select(value => value.Value)],
            new LanczosOptions { Steps = steps },
            settings.DensityProbes,
            settings.Seed,
            context.Cancellation
        );
        return new DeflatedMeasurement(
            outliers.Values,
            density,
            outliers.Converged,
            outliers.Iterations,
            Provenance.Of(context.Linearization, kind, steps, settings.DensityProbes, settings.Seed),
            meter.Cost(curvature.Products)
        );
    }
}
