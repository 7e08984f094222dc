using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature;
using CurvatureMonitor.Curvature.RandomMatrices;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Actors.Analysis;

/// <summary>
/// The analyses of one run that are made of <see cref="CurvatureStatistics"/>. Keeps the eigenvectors that the next
/// checkpoint is compared with.
/// </summary>
internal sealed class StatisticsAnalyses(OptimizerProfile? optimizer, TimeProvider time) : IDisposable
{
    // B unknown: the sizes that people train with.
    private static readonly long[] UsualSizes = [32, 64, 128, 256, 512, 1024];

    private readonly Dictionary<OperatorKind, IReadOnlyList<Vector>> _tracked = [];
    private long? _trackedStep;

    /// <summary>Does one job.</summary>
    /// <exception cref="AnalysisException">The analysis makes no sense on this probe set.</exception>
    public AnalysisReport Analyse(
        AnalyseCheckpoint job,
        Linearization linearization,
        Vector theta,
        CancellationToken cancellationToken
    )
    {
        var statistics = new CurvatureStatistics(linearization, time);
        var settings = job.Settings;
        switch (job.Id.Analysis)
        {
            case AnalysisKind.Gradient:
                RequireSpread(linearization);
                var gradient = statistics.Gradient(new GradientOptions { Seed = settings.Seed }, cancellationToken);
                return new AnalysisReport([]) { Gradient = gradient, Weights = statistics.WeightNorms(theta) };
            case AnalysisKind.Trace:
                return new AnalysisReport([
                    .. settings.Operators.Select(kind =>
                        Trace(kind, settings, linearization, statistics, cancellationToken)
                    ),
                ]);
            case AnalysisKind.Variance:
                RequireSpread(linearization);
                return Variance(job, linearization, statistics, cancellationToken);
            case AnalysisKind.Tracking:
                return Track(job, linearization, statistics, cancellationToken);
            case AnalysisKind.BatchSharpness:
                return new AnalysisReport([BatchSharpness(settings, linearization, statistics, cancellationToken)]);
            default:
                throw new AnalysisException(
                    JobFailureReason.UnsupportedOperation,
                    $"there is no analysis {job.Id.Analysis}"
                );
        }
    }

    public void Dispose()
    {
        foreach (var vectors in _tracked.Values)
        {
            Free(vectors);
        }

        _tracked.Clear();
    }

    private static void Free(IEnumerable<Vector> vectors)
    {
        foreach (var vector in vectors)
        {
            vector.Dispose();
        }
    }

    // Batch norm in train mode leaves no sample alone: what is left is the spread between micro-batches, and one batch
    // has none.
    private static void RequireSpread(Linearization linearization)
    {
        if (linearization is { MicroBatches: < 2, Objective: { BatchNorm: BatchNormMode.Train, HasBatchNorm: true } })
        {
            throw new AnalysisException(
                JobFailureReason.UnsupportedOperation,
                "no variance: batch norm in mode train leaves no sample alone, and one micro-batch has no spread; "
                    + "lower the micro-batch or measure in mode eval"
            );
        }
    }

    private static int TopSteps(AnalysisSettings settings, Linearization linearization) =>
        (int)Math.Min(settings.LanczosSteps, linearization.ParameterCount);

    /// <summary>
    /// The largest eigenvalues and the vectors of those that are resolved. The caller frees the vectors.
    /// </summary>
    private (SpectrumMeasurement Spectrum, List<Vector> Resolved) Top(
        OperatorKind kind,
        int count,
        AnalysisSettings settings,
        Linearization linearization,
        CancellationToken cancellationToken
    )
    {
        var vectors = new List<Vector>();
        try
        {
            var options = new SpectrumOptions
            {
                Steps = TopSteps(settings, linearization),
                Seed = settings.Seed,
                TopEigenvalues = count,
            };
            var spectrum = new CurvatureAnalyzer(linearization, time).Spectrum(
                kind,
                options,
                vectors,
                progress: null,
                cancellationToken
            );
            int resolved = Math.Min(vectors.Count, ResolvedEigenvalues.Leading(spectrum.Eigenvalues).Count);
            Free(vectors[resolved..]);
            return (spectrum, vectors[..resolved]);
        }
        catch
        {
            Free(vectors);
            throw;
        }
    }

    // The largest eigenvalues make the trace of few probes uncertain: their vectors are taken out and counted exactly.
    private TraceMeasurement Trace(
        OperatorKind kind,
        AnalysisSettings settings,
        Linearization linearization,
        CurvatureStatistics statistics,
        CancellationToken cancellationToken
    )
    {
        var (spectrum, top) = Top(kind, settings.TrackedEigenvectors, settings, linearization, cancellationToken);
        try
        {
            var trace = statistics.Trace(
                kind,
                new TraceOptions { Probes = settings.Probes, Seed = settings.Seed },
                top,
                cancellationToken
            );
            return trace with { Cost = trace.Cost + spectrum.Cost };
        }
        finally
        {
            Free(top);
        }
    }

    // Of a cluster, each worker compares with what it tracked last itself: that need not be the checkpoint before.
    private AnalysisReport Track(
        AnalyseCheckpoint job,
        Linearization linearization,
        CurvatureStatistics statistics,
        CancellationToken cancellationToken
    )
    {
        long? earlier = _trackedStep;
        _trackedStep = null;
        List<Measurement> tracked =
        [
            .. job.Settings.Operators.Select(kind =>
                Track(kind, job.Settings, linearization, statistics, cancellationToken)
            ),
        ];
        _trackedStep = job.Id.Step;
        return new AnalysisReport(tracked) { ComparedWith = earlier };
    }

    private TrackingMeasurement Track(
        OperatorKind kind,
        AnalysisSettings settings,
        Linearization linearization,
        CurvatureStatistics statistics,
        CancellationToken cancellationToken
    )
    {
        var (spectrum, current) = Top(kind, settings.TrackedEigenvectors, settings, linearization, cancellationToken);
        try
        {
            var tracked = statistics.Track(kind, _tracked.GetValueOrDefault(kind) ?? [], current, cancellationToken);
            (var earlier, _tracked[kind]) = (_tracked.GetValueOrDefault(kind) ?? [], current);
            current = [];
            Free(earlier);
            return tracked with { Cost = tracked.Cost + spectrum.Cost };
        }
        finally
        {
            Free(current);
        }
    }

    private BatchSharpnessMeasurement BatchSharpness(
        AnalysisSettings settings,
        Linearization linearization,
        CurvatureStatistics statistics,
        CancellationToken cancellationToken
    )
    {
        if (optimizer?.BatchSize is not { } size || size > linearization.SampleCount)
        {
            throw new AnalysisException(
                JobFailureReason.UnsupportedOperation,
                $"no batch sharpness: it draws batches as the training does "
                    + $"({optimizer?.BatchSize.ToString() ?? "of unknown size"}) from {linearization.SampleCount} "
                    + $"samples; give a larger probe set"
            );
        }

        var options = new BatchSharpnessOptions((int)size)
        {
            Batches = settings.SharpnessBatches,
            Seed = settings.Seed,
        };
        return statistics.BatchSharpness(options, OperatorKind.Hessian, cancellationToken);
    }

    private AnalysisReport Variance(
        AnalyseCheckpoint job,
        Linearization linearization,
        CurvatureStatistics statistics,
        CancellationToken cancellationToken
    )
    {
        var settings = job.Settings;
        var options = new VarianceOptions { Probes = settings.Probes, Seed = settings.Seed };
        var variances = new List<Measurement>();
        var predictions = new List<BatchPrediction>();
        double? damping = null,
            learningRate = null;
        foreach (var kind in settings.Operators)
        {
            var (spectrum, top) = Top(kind, 1, settings, linearization, cancellationToken);
            try
            {
                var variance = statistics.Variance(kind, options, top, cancellationToken);
                variances.Add(variance with { Cost = variance.Cost + spectrum.Cost });
                predictions.AddRange(Predict(kind, linearization.ParameterCount, spectrum, variance.Isotropic!));
                if (kind == OperatorKind.Hessian)
                {
                    (damping, learningRate) = Advise(
                        job.Checkpoint.Info.LearningRate,
                        linearization.ParameterCount,
                        spectrum,
                        variance.Isotropic!
                    );
                }
            }
            finally
            {
                Free(top);
            }
        }

        return new AnalysisReport(variances) { Outlook = new MiniBatchOutlook(predictions, damping, learningRate) };
    }

    private IEnumerable<BatchPrediction> Predict(
        OperatorKind kind,
        long parameters,
        SpectrumMeasurement spectrum,
        Estimate variance
    )
    {
        long[] sizes = optimizer?.BatchSize is { } size ? [size / 4, size / 2, size, size * 2, size * 4] : UsualSizes;
        foreach (
            long candidate in sizes.Where(candidate => candidate >= 1 && !(candidate >= optimizer?.Samples)).Distinct()
        )
        {
            var shape = new BatchShape(candidate, optimizer?.Samples);
            var predicted = MiniBatchPrediction.Of(
                kind,
                parameters,
                spectrum.Eigenvalues,
                spectrum.Smallest,
                variance,
                shape
            );
            yield return new BatchPrediction(kind, candidate, predicted.Eigenvalues[0]);
        }
    }

    private (double? Damping, double? LearningRate) Advise(
        double? rate,
        long parameters,
        SpectrumMeasurement spectrum,
        Estimate variance
    )
    {
        if (rate is not > 0 || optimizer?.BatchSize is not { } size || size > optimizer.Samples)
        {
            return (null, null);
        }

        var noise = HessianNoise.FromVariance(parameters, Math.Max(0, variance.Value));
        var batch = new BatchShape(size, optimizer.Samples);
        double damping = MiniBatchTheory.MinimumDamping(rate.Value, noise, batch);
        double largest = spectrum.Eigenvalues[0].Value;
        double? learningRate =
            MiniBatchTheory.LargestEigenvalue(largest, noise, batch) > 0
                ? LearningRateAdvice
                    .For(optimizer.SettingsAt(rate.Value), largest, noise, batch, [size])[0]
                    .LargestLearningRate
                : null;
        return (damping, learningRate);
    }
}
