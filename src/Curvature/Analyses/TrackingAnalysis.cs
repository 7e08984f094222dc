using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Curvature.Analyses;

/// <summary>
/// The gradient in the top eigenspace, and the eigenvectors of an earlier checkpoint in the curvature of this one.
/// </summary>
public static class TrackingAnalysis
{
    /// <summary>
    /// Compares one operator with that of the checkpoint that is kept, if there is one, and keeps its own eigenvectors
    /// where the settings want it.
    /// </summary>
    /// <param name="context">The checkpoint.</param>
    /// <param name="kind">Which operator.</param>
    /// <exception cref="CurvatureException">A product was not finite.</exception>
    /// <exception cref="DerivativeException">libtorch refused, for example for want of memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static TrackingMeasurement Measure(AnalysisContext context, OperatorKind kind)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Covering(own => Find(own, kind), RoundingBars.Widen);
    }

    private static TrackingMeasurement Find(AnalysisContext context, OperatorKind kind)
    {
        var found = context.Krylov(kind);
        context.Progress.Begin($"{kind.Label()} tracking");
        if (found.Resolved.Count == 0)
        {
            context.Progress.Note(
                $"{kind.Label()}: no eigenvector is known to a tenth, so none is tracked; raise --lanczos-steps"
            );
        }

        IReadOnlyList<Vector> current = [.. found.Resolved.Take(context.Settings.TrackedEigenvectors)];
        var kept = context.Memory.Tracked(kind);
        var earlier = kept?.Step == context.Checkpoint.Step ? null : kept;
        var tracked = context.Statistics.Track(kind, earlier?.Vectors ?? [], current, context.Cancellation);
        tracked = tracked with
        {
            ComparedWith = earlier?.Step,
            Wasserstein = earlier is null
                ? null
                : SpectralDistance.Wasserstein(earlier.Density, found.Spectrum.Density),
            Cost = tracked.Cost + found.TakeCost(),
        };
        if (kept is null || !context.Settings.KeepsFirstTracked)
        {
            Keep(context, kind, found);
        }

        return tracked;
    }

    /// <summary>Keeps the eigenvectors of one operator for later checkpoints to be compared with.</summary>
    /// <param name="context">The checkpoint.</param>
    /// <param name="kind">Which operator.</param>
    /// <returns>What it cost.</returns>
    /// <exception cref="CurvatureException">A product was not finite.</exception>
    /// <exception cref="DerivativeException">libtorch refused, for example for want of memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static MeasurementCost Remember(AnalysisContext context, OperatorKind kind)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Exact is { } exact)
        {
            Remember(exact, kind);
        }

        var found = context.Krylov(kind);
        Keep(context, kind, found);
        return found.TakeCost();
    }

    private static void Keep(AnalysisContext context, OperatorKind kind, KrylovFindings found) =>
        context.Memory.Track(
            kind,
            new TrackedEigenvectors(
                context.Checkpoint.Step,
                found.Keep(context.Settings.TrackedEigenvectors),
                found.Spectrum.Density
            )
        );
}
