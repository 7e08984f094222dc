using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature;
using CurvatureMonitor.Curvature.RandomMatrices;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Host.Http;
using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Host.Analysis;

/// <summary>
/// Measures the spectra of random batches of the probe set and puts beside them what theory predicts from whole
/// spectrum and variance.
/// </summary>
internal sealed class MiniBatchAnalyzer(
    BundleProbe probe,
    AnalysisRequest request,
    KrylovPlan plan,
    StabilityReadings stability,
    ProgressLine progress,
    TimeProvider time
)
{
    // The spread between batches is far wider than this share of max |λ|.
    private const double Tolerance = 1e-4;
    private const int MostSteps = 200;

    /// <summary>Curvature products spent so far, in whole probe sets.</summary>
    internal long Products { get; private set; }

    /// <summary>Measures every batch size that is asked for.</summary>
    /// <exception cref="ArgumentException">There is no batch size that leaves something to chance.</exception>
    internal Dictionary<string, MiniBatchReading> Measure(
        KrylovFindings whole,
        Linearization linearization,
        CancellationToken cancellation
    )
    {
        var readings = new Dictionary<string, MiniBatchReading>();
        foreach (
            int size in BatchSizes.Of(request, probe.Bundle.Manifest.Training, linearization.SampleCount, below: true)
        )
        {
            progress.Begin($"{whole.Kind.Label()} spectra of batches of {size}");
            var measured = Measure(whole, linearization, size, cancellation);
            Products += measured.Cost.CurvatureProducts;
            var reading = Measured(measured);
            readings.Add(
                BatchSizes.Name(size),
                whole.Variance is null
                    ? reading
                    : WithAdvice(WithPrediction(reading, measured, whole, linearization), whole, linearization, size)
            );
        }

        return readings;
    }

    private BatchSpectrumMeasurement Measure(
        KrylovFindings whole,
        Linearization linearization,
        int size,
        CancellationToken cancellation
    )
    {
        using var batches = new BatchObjectives(probe, size, MemoryShares.Of(request.MemoryBudget).Linearization);
        var options = new BatchSpectrumOptions(size)
        {
            Spectrum = new SpectrumOptions
            {
                Steps = (int)
                    Math.Min(
                        request.Steps ?? MostSteps,
                        Math.Min(plan.Reorthogonalise ? plan.Steps : KrylovPlan.FastSteps, linearization.ParameterCount)
                    ),
                Tolerance = Tolerance,
                Seed = request.Seed,
                TopEigenvalues = request.Top,
                Reorthogonalise = plan.Reorthogonalise,
            },
        };
        options = request.Batches is { } count ? options with { Batches = count } : options;
        var top = whole.Resolved.Count > 0 ? whole.Resolved[0] : null;
        return new BatchSpectra(linearization.SampleCount, batches.Linearize, time).Measure(
            whole.Kind,
            options,
            top,
            progress,
            cancellation
        );
    }

    private static MiniBatchReading Measured(BatchSpectrumMeasurement measured) =>
        new()
        {
            Samples = measured.Provenance.Samples,
            Batches = measured.Batches,
            Converged = measured.Converged,
            LambdaMax = ComparedReading.Of(measured.Eigenvalues[0], null),
            LambdaMin = ComparedReading.Of(measured.Smallest, null),
            Overlap = measured.Overlap is { } overlap ? ComparedReading.Of(overlap, null) : null,
            Eigenvalues = [.. measured.Eigenvalues.Select(value => value.Mean)],
            EigenvalueSpreads = [.. measured.Eigenvalues.Select(value => value.Deviation)],
            Density = new SpectralStems(measured.Density.Nodes, measured.Density.Weights),
        };

    private static MiniBatchReading WithPrediction(
        MiniBatchReading reading,
        BatchSpectrumMeasurement measured,
        KrylovFindings whole,
        Linearization linearization
    )
    {
        var batch = new BatchShape(measured.BatchSize, linearization.SampleCount);
        var predicted = MiniBatchPrediction.Of(
            whole.Kind,
            linearization.ParameterCount,
            whole.Largest,
            whole.Smallest!,
            whole.Variance!,
            batch
        );
        return reading with
        {
            EffectiveSize = predicted.EffectiveSize,
            Threshold = predicted.Threshold.Value,
            ThresholdStderr = predicted.Threshold.Error,
            LambdaMax = ComparedReading.Of(measured.Eigenvalues[0], predicted.Eigenvalues[0]),
            LambdaMin = ComparedReading.Of(measured.Smallest, predicted.Smallest),
            Overlap = measured.Overlap is { } overlap ? ComparedReading.Of(overlap, predicted.Overlap) : null,
            OverlapWithTruth = predicted.OverlapWithTruth,
            LambdaMaxMultiplicative = predicted.Multiplicative,
            EigenvaluesPredicted =
            [
                .. predicted.Eigenvalues.Take(measured.Eigenvalues.Count).Select(value => value.Value),
            ],
        };
    }

    // Damping and learning rates are about the training, whose batches come from the training set.
    private MiniBatchReading WithAdvice(
        MiniBatchReading reading,
        KrylovFindings whole,
        Linearization linearization,
        int size
    )
    {
        var training = probe.Bundle.Manifest.Training;
        if (stability.LearningRate is not (> 0 and { } rate) || size > training.Samples)
        {
            return reading;
        }

        var noise = HessianNoise.FromVariance(linearization.ParameterCount, Math.Max(0, whole.Variance!.Value));
        reading = reading with
        {
            MinimumDamping = MiniBatchTheory.MinimumDamping(rate, noise, new BatchShape(size, training.Samples)),
        };
        if (
            whole.Kind != OperatorKind.Hessian
            || stability.Optimizer is not { } optimizer
            || training.BatchSize is not { } current
            || current > training.Samples
            || MiniBatchTheory.LargestEigenvalue(
                whole.Largest[0].Value,
                noise,
                new BatchShape(current, training.Samples)
            ) <= 0
        )
        {
            return reading;
        }

        var advice = LearningRateAdvice.For(
            optimizer,
            whole.Largest[0].Value,
            noise,
            new BatchShape(current, training.Samples),
            [size]
        )[0];
        return reading with
        {
            TrainingSharpness = advice.PredictedSharpness,
            LearningRate = advice.LearningRate,
            LargestLearningRate = advice.LargestLearningRate,
        };
    }
}
