using CurvatureMonitor.Checkpoints;
using CurvatureMonitor.Checkpoints.Bundles;
using CurvatureMonitor.Curvature;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Curvature.Stability;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Host.Http;
using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Host.Analysis;

/// <summary>Measures checkpoints of a bundle.</summary>
internal sealed class BundleAnalyzer(BundleProbe probe, AnalysisRequest request, ProgressLine progress, TimeProvider time)
{
    /// <summary>Measures one checkpoint.</summary>
    /// <exception cref="BundleException">The checkpoint cannot be used.</exception>
    /// <exception cref="CurvatureException">A number was not finite.</exception>
    /// <exception cref="TorchException">libtorch refused.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal AnalysisDocument Analyse(long step, CancellationToken cancellation)
    {
        long started = time.GetTimestamp();
        var info = probe.Load(step);
        var memory = MemoryShares.Of(request.MemoryBudget);
        using var linearization = new Linearization(probe.Objective, probe.Theta, memory.Linearization);
        var operators = new OperatorAnalyzer(linearization, request, Steps(memory), progress, time);
        var readings = operators.MeasureOperators(cancellation);
        string hessian = OperatorKind.Hessian.Label();
        if (readings.TryGetValue(hessian, out var reading))
        {
            readings[hessian] = reading with { Stability = Stability(reading, info) };
        }

        if (linearization.Degradation is { } degradation)
        {
            progress.Note($"step {step}: {degradation}");
        }

        var manifest = probe.Bundle.Manifest;
        return new AnalysisDocument
        {
            Run = manifest.Run,
            Step = step,
            Samples = linearization.SampleCount,
            Parameters = linearization.ParameterCount,
            Dtype = linearization.ElementType == ElementType.Float64 ? "float64" : "float32",
            Loss = linearization.Loss,
            LearningRate = LearningRate(info),
            Gradient = operators.MeasureGradient(cancellation),
            Operators = readings,
            Cost = new CostReading
            {
                CurvatureProducts = operators.Products,
                Seconds = time.GetElapsedTime(started).TotalSeconds,
                PeakBytes = linearization.PeakBytes,
            },
            Provenance = Provenance(manifest, operators) with { Degradation = DegradationReading.Of(linearization.Degradation) },
        };
    }

    private ProvenanceReading Provenance(RunManifest manifest, OperatorAnalyzer operators) => new()
    {
        Model = manifest.Model switch
        {
            BuiltInModelReference builtIn => builtIn.Name,
            TorchScriptModelReference script => script.File,
            _ => null,
        },
        Loss = manifest.Loss == Loss.CrossEntropy ? "cross_entropy" : "mse",
        BatchNorm = manifest.BatchNorm.ToString().ToLowerInvariant(),
        MicroBatch = probe.Objective.MicroBatch,
        Device = probe.Objective.Device.ToString(),
        Seed = request.Seed,
        Probes = request.Wants(BundleAnalysis.Trace) || request.Wants(BundleAnalysis.Variance) ? request.ProbesFor(probe.Objective.ParameterCount) : null,
        VarianceForm = operators.VarianceForm?.Label(),
        DensityProbes = request.Wants(BundleAnalysis.Spectrum) ? request.DensityProbes : null,
        Libtorch = TorchRuntime.Version,
    };

    // A basis that takes more than its share of memory would drive out the graphs that make products fast.
    private int Steps(MemoryShares memory)
    {
        long size = probe.Objective.ElementType == ElementType.Float64 ? sizeof(double) : sizeof(float);
        long fit = Math.Max(1, memory.BasisBytes / (size * Math.Max(1, probe.Objective.ParameterCount)));
        long steps = Math.Min(request.Steps ?? AnalysisRequest.MostSteps, probe.Objective.ParameterCount);
        return (int)Math.Min(steps, fit);
    }

    private double? LearningRate(CheckpointInfo info) => info.LearningRate ?? probe.Bundle.Manifest.Training.LearningRate;

    private StabilityReading? Stability(OperatorReading hessian, CheckpointInfo info)
    {
        if (hessian.LambdaMax is not { } sharpness || LearningRate(info) is not { } rate || OptimizerOf(probe.Bundle.Manifest.Training, rate) is not { } optimizer)
        {
            return null;
        }

        var ratio = StabilityRatio.Of(new Estimate(sharpness, hessian.LambdaMaxResidual ?? 0), StabilityLimit.For(optimizer, StabilityKind.Full));
        return ratio is null ? null : new StabilityReading
        {
            Kind = ratio.Limit.Kind.Label(),
            Limit = ratio.Limit.Value,
            Ratio = ratio.Ratio,
            RatioLow = ratio.Low,
            RatioHigh = ratio.High,
        };
    }

    // Only gradient descent has a limit that λ_max of the plain Hessian compares with; Adam's is for the preconditioned one.
    private static SgdSettings? OptimizerOf(TrainingDescription training, double rate) => training.Optimizer?.ToLowerInvariant() is "sgd" && training.Momentum is null or (>= 0 and < 1)
        ? new SgdSettings(rate, training.Momentum ?? 0, training.Nesterov ?? false, training.BatchSize, training.Samples)
        : null;
}
