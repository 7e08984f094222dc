using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature;
using CurvatureMonitor.Host.Http;
using CurvatureMonitor.Storage;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Host.Analysis;

/// <summary>Measures checkpoints of a bundle.</summary>
internal sealed class BundleAnalyzer(
    BundleProbe probe,
    AnalysisRequest request,
    ProgressLine progress,
    TimeProvider time
) : IDisposable
{
    private readonly CheckpointTracker _tracker = new();
    private bool _noted;

    /// <summary>Makes sure, before anything is measured, that the bundle has what the analyses need.</summary>
    /// <exception cref="ArgumentException">A batch size cannot be drawn.</exception>
    /// <exception cref="BundleException">The optimiser is not the one that an analysis is about.</exception>
    internal void RequireMeasurable()
    {
        var training = probe.Bundle.Manifest.Training;
        if (request.Wants(BundleAnalysis.MiniBatch) || request.Wants(BundleAnalysis.BatchSharpness))
        {
            BatchSizes.Of(
                request,
                training,
                probe.Objective.SampleCount,
                below: request.Wants(BundleAnalysis.MiniBatch)
            );
        }

        if (
            request.Wants(BundleAnalysis.PreconditionedSharpness)
            && training.Optimizer?.ToLowerInvariant() is not ("adam" or "adamw")
        )
        {
            throw new BundleException(
                Path.Combine(probe.Bundle.Directory, RunManifest.FileName),
                "training",
                "names no Adam",
                "leave preconditioned_sharpness out of --analyses"
            );
        }
    }

    /// <summary>Measures one checkpoint.</summary>
    /// <exception cref="BundleException">The checkpoint cannot be used.</exception>
    /// <exception cref="CurvatureException">A number was not finite.</exception>
    /// <exception cref="TorchException">libtorch refused.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal AnalysisDocument Analyse(long step, CancellationToken cancellation)
    {
        long started = time.GetTimestamp();
        var plan = Plan();
        long before = KeepCompared(step, plan, cancellation);
        var info = probe.Load(step);
        using var linearization = Linearize();
        Tell(plan);
        var operators = new OperatorAnalyzer(linearization, request, plan, progress, time);
        var stability = new StabilityReadings(probe.Bundle.Manifest.Training, info);
        var further = new FurtherAnalyses(probe, linearization, request, plan, stability, progress, time);
        var readings = operators.MeasureOperators(
            (found, reading) =>
                further.Add(WithStability(reading, found.Kind, stability), found, _tracker, step, cancellation),
            cancellation
        );

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
            LearningRate = stability.LearningRate,
            Gradient = operators.MeasureGradient(cancellation),
            Weights = further.Weights(),
            Operators = readings,
            Cost = new CostReading
            {
                CurvatureProducts = before + operators.Products + further.Products,
                Seconds = time.GetElapsedTime(started).TotalSeconds,
                PeakBytes = linearization.PeakBytes,
            },
            Provenance = Provenance(manifest, operators, plan) with
            {
                Degradation = DegradationReading.Of(linearization.Degradation),
            },
        };
    }

    private ProvenanceReading Provenance(RunManifest manifest, OperatorAnalyzer operators, KrylovPlan plan) =>
        new()
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
            Probes =
                request.Wants(BundleAnalysis.Trace) || request.Wants(BundleAnalysis.Variance)
                    ? request.ProbesFor(probe.Objective.ParameterCount)
                    : null,
            VarianceForm = operators.VarianceForm?.Label(),
            Reorthogonalised = request.Wants(BundleAnalysis.Spectrum) && !plan.Reorthogonalise ? false : null,
            StepsWanted = request.Wants(BundleAnalysis.Spectrum) && plan.Steps < plan.Wanted ? plan.Wanted : null,
            StepsAllowed = request.Wants(BundleAnalysis.Spectrum) && plan.Steps < plan.Wanted ? plan.Steps : null,
            DensityProbes = request.Wants(BundleAnalysis.Spectrum) ? request.DensityProbes : null,
            Libtorch = TorchRuntime.Version,
        };

    // A basis that takes more than its share of memory would drive out the graphs that make products fast.
    private KrylovPlan Plan()
    {
        long size = probe.Objective.ElementType == ElementType.Float64 ? sizeof(double) : sizeof(float);
        return KrylovPlan.Of(request, MemoryShares.Of(request.MemoryBudget), probe.Objective.ParameterCount, size);
    }

    // Once, and not before it is known that anything fits at all.
    private void Tell(KrylovPlan plan)
    {
        if (!_noted && request.Wants(BundleAnalysis.Spectrum) && plan.Note(request) is { } note)
        {
            progress.Note(note);
        }

        _noted = true;
    }

    private Linearization Linearize() =>
        new(probe.Objective, probe.Theta, MemoryShares.Of(request.MemoryBudget).Linearization);

    // The checkpoint that the others are compared with is measured first, once.
    private long KeepCompared(long step, KrylovPlan plan, CancellationToken cancellation)
    {
        if (
            !request.Wants(BundleAnalysis.Tracking)
            || request.Compare is not { } compared
            || compared == step
            || _tracker.Step is not null
        )
        {
            return 0;
        }

        probe.Load(compared);
        using var linearization = Linearize();
        var operators = new OperatorAnalyzer(linearization, request, plan, progress, time);
        foreach (var kind in request.Operators)
        {
            using var found = new KrylovFindings(kind);
            operators.Find(found, cancellation);
            _tracker.Keep(compared, found);
        }

        return operators.Products;
    }

    // Only gradient descent has a limit that λ_max of the plain Hessian compares with; Adam's is for the preconditioned
    // one.
    private static OperatorReading WithStability(
        OperatorReading reading,
        OperatorKind kind,
        StabilityReadings stability
    ) =>
        kind == OperatorKind.Hessian && reading.LambdaMax is { } sharpness
            ? reading with
            {
                Stability = stability.Of(new Estimate(sharpness, reading.LambdaMaxResidual ?? 0), StabilityKind.Full),
            }
            : reading;

    public void Dispose() => _tracker.Dispose();
}
