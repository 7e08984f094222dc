using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.RandomMatrices;

namespace CurvatureMonitor.Curvature.Analyses;

/// <summary>
/// The consequence, by random matrix theory, of a measured variance for batches out of the training set and for the
/// optimiser.
/// </summary>
public static class BatchTheory
{
    // B unknown: the sizes that people train with.
    private static readonly long[] CommonSizes = [32, 64, 128, 256, 512, 1024];

    /// <summary>The predictions and the advice that follow from the variance of one operator.</summary>
    /// <param name="context">The checkpoint.</param>
    /// <param name="kind">Which operator; the advice is about the Hessian alone.</param>
    /// <param name="variance">Its variance over samples.</param>
    public static MiniBatchOutlook Outlook(AnalysisContext context, OperatorKind kind, Estimate variance)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(variance);
        var spectrum = context.Krylov(kind).Spectrum;
        var predictions = Sizes(context)
            .Select(size => new BatchPrediction(kind, size, Predict(context, kind, spectrum, variance, size)))
            .ToList();
        if (kind != OperatorKind.Hessian || context.Optimizer.BatchSize is not { } current)
        {
            return new MiniBatchOutlook(predictions, null, null);
        }

        return new MiniBatchOutlook(
            predictions,
            MinimumDamping(context, current, variance),
            Advice(context, current, spectrum.Eigenvalues[0].Value, variance)?.LargestLearningRate
        );
    }

    /// <summary>
    /// η₀Pσ²/(2b), the least damping of batches of one size; null where the learning rate is not known or there is no
    /// such batch.
    /// </summary>
    internal static double? MinimumDamping(AnalysisContext context, long size, Estimate variance) =>
        context.LearningRate is > 0 and { } rate && !(size > context.Optimizer.Samples)
            ? MiniBatchTheory.MinimumDamping(rate, Noise(context, variance), Batch(context, size))
            : null;

    /// <summary>
    /// The learning rates for batches of one size; null where optimiser or batch of the training are not known, or
    /// there is no limit.
    /// </summary>
    internal static LearningRateAdvice? Advice(AnalysisContext context, long size, double sharpness, Estimate variance)
    {
        var optimizer = context.Optimizer;
        if (
            context.LearningRate is not > 0
            || size > optimizer.Samples
            || optimizer.At(context.Checkpoint.LearningRate) is not { } settings
            || optimizer.BatchSize is not { } current
            || current > optimizer.Samples
        )
        {
            return null;
        }

        var (noise, batch) = (Noise(context, variance), Batch(context, current));
        return MiniBatchTheory.LargestEigenvalue(sharpness, noise, batch) > 0
            ? LearningRateAdvice.For(settings, sharpness, noise, batch, [size])[0]
            : null;
    }

    private static IEnumerable<long> Sizes(AnalysisContext context)
    {
        long[] sizes = context.Optimizer.BatchSize is { } size
            ? [size / 4, size / 2, size, size * 2, size * 4]
            : CommonSizes;
        return sizes.Where(candidate => candidate >= 1 && !(candidate >= context.Optimizer.Samples)).Distinct();
    }

    private static Estimate Predict(
        AnalysisContext context,
        OperatorKind kind,
        SpectrumMeasurement spectrum,
        Estimate variance,
        long size
    ) =>
        MiniBatchPrediction
            .Of(kind, context.Parameters, spectrum.Eigenvalues, spectrum.Smallest, variance, Batch(context, size))
            .Eigenvalues[0];

    private static BatchShape Batch(AnalysisContext context, long size) => new(size, context.Optimizer.Samples);

    private static HessianNoise Noise(AnalysisContext context, Estimate variance) =>
        HessianNoise.FromVariance(context.Parameters, Math.Max(0, variance.Value));
}
