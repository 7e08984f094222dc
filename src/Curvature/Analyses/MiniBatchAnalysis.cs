using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.RandomMatrices;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Curvature.Analyses;

/// <summary>
/// The spectra of random batches of the probe set beside the prediction of theory from whole spectrum and variance.
/// </summary>
public static class MiniBatchAnalysis
{
    // The spread between batches is far wider than this share of max |λ|.
    private const double Tolerance = 1e-4;
    private const int MaximumSteps = 200;

    /// <summary>The reason why it cannot be measured, on one line; null where it can.</summary>
    /// <param name="context">The checkpoint.</param>
    public static string? Obstacle(AnalysisContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Linearization.Objective is { BatchNorm: BatchNormMode.Recompute, HasBatchNorm: true }
                ? "no mini_batch: in mode recompute a batch would normalise by statistics of its own; measure in mode "
                    + "eval or train"
            : context.Batches is null ? "no mini_batch: single batches of this run's probe set cannot be had"
            : null;
    }

    /// <summary>Measures one operator on batches of one size.</summary>
    /// <param name="context">The checkpoint.</param>
    /// <param name="kind">Which operator.</param>
    /// <param name="size">B, below the size of the probe set.</param>
    /// <param name="variance">The variance of the operator over samples; null where it is not known.</param>
    /// <exception cref="AnalysisRefusedException">Batches cannot be measured.</exception>
    /// <exception cref="NonFiniteException">A product was not finite.</exception>
    /// <exception cref="DerivativeException">libtorch refused, for example for want of memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static MiniBatchResult Measure(AnalysisContext context, OperatorKind kind, int size, Estimate? variance)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (Obstacle(context) is { } obstacle)
        {
            throw new AnalysisRefusedException(obstacle);
        }

        var whole = context.Krylov(kind);
        context.Progress.Begin($"{kind.Label()} spectra of batches of {size}");
        var measured = context.Covering(own => Spectra(own, kind, size), RoundingBars.Widen);
        return variance is null
            ? new MiniBatchResult(measured, null)
            : WithTheory(context, kind, measured, whole.Spectrum, variance);
    }

    private static BatchSpectrumMeasurement Spectra(AnalysisContext context, OperatorKind kind, int size)
    {
        var whole = context.Krylov(kind);
        using var batches = new BatchObjectives(context, size);
        return new BatchSpectra(context.Linearization.SampleCount, batches.Linearize, context.Time).Measure(
            kind,
            Options(context, size),
            whole.Resolved.Count > 0 ? whole.Resolved[0] : null,
            context.Progress,
            context.Cancellation
        );
    }

    private static BatchSpectrumOptions Options(AnalysisContext context, int size)
    {
        var (settings, plan) = (context.Settings, context.Plan);
        return new BatchSpectrumOptions(size)
        {
            Batches = settings.SpectrumBatches,
            Spectrum = new SpectrumOptions
            {
                Steps = (int)
                    Math.Min(
                        settings.LanczosSteps ?? MaximumSteps,
                        Math.Min(plan.Reorthogonalise ? plan.Steps : KrylovPlan.FastSteps, context.Parameters)
                    ),
                Tolerance = Tolerance,
                Seed = settings.Seed,
                TopEigenvalues = settings.TopEigenvalues,
                Reorthogonalise = plan.Reorthogonalise,
            },
        };
    }

    // Damping and learning rates are about the training, whose batches come from the training set.
    private static MiniBatchResult WithTheory(
        AnalysisContext context,
        OperatorKind kind,
        BatchSpectrumMeasurement measured,
        SpectrumMeasurement whole,
        Estimate variance
    )
    {
        var predicted = MiniBatchPrediction.Of(
            kind,
            context.Parameters,
            whole.Eigenvalues,
            whole.Smallest,
            variance,
            new BatchShape(measured.BatchSize, context.Linearization.SampleCount)
        );
        return new MiniBatchResult(measured, predicted)
        {
            MinimumDamping = BatchTheory.MinimumDamping(context, measured.BatchSize, variance),
            Advice =
                kind == OperatorKind.Hessian
                    ? BatchTheory.Advice(context, measured.BatchSize, whole.Eigenvalues[0].Value, variance)
                    : null,
        };
    }
}
