using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature;
using CurvatureMonitor.Curvature.Analyses;
using CurvatureMonitor.Curvature.Stability;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Reports.Documents;
using CurvatureMonitor.Storage;
using CurvatureMonitor.Storage.Bundles;

namespace CurvatureMonitor.Host.Analysis;

/// <summary>Measures checkpoints of a bundle.</summary>
internal sealed class BundleAnalyzer(
    BundleProbe probe,
    AnalysisRequest request,
    IAnalysisProgress progress,
    TimeProvider time
) : IDisposable
{
    private static readonly AnalysisKind[] DrawsProbes =
    [
        AnalysisKind.Trace,
        AnalysisKind.Variance,
        AnalysisKind.Modules,
    ];

    private readonly AnalysisMemory _memory = new();
    private readonly OptimizerDescription _optimizer = OptimizerDescriptions.Of(probe.Bundle.Manifest.Training);
    private readonly AnalysisSettings _settings = request.Settings with
    {
        Modules = request.Settings.Modules ?? probe.Bundle.Manifest.Monitoring.Modules,
    };

    private bool _noted;

    private bool DrawsBatches => request.Wants(AnalysisKind.MiniBatch) || request.Wants(AnalysisKind.BatchSharpness);

    /// <summary>Makes sure, before anything is measured, that the bundle has what the analyses need.</summary>
    /// <exception cref="UserErrorException">A batch size cannot be drawn, or a pattern names no module.</exception>
    /// <exception cref="BundleException">The optimiser is not the one that an analysis is about.</exception>
    internal void RequireMeasurable()
    {
        if (request.Wants(AnalysisKind.Modules))
        {
            _ = ModuleSelection.Of(_settings.Modules, probe.Objective.Parameters);
        }

        if (DrawsBatches)
        {
            _ = SettingsAt(
                probe.Bundle.Manifest.Training.BatchSize
                    ?? probe
                        .Bundle.CheckpointSteps()
                        .Select(step => probe.Bundle.ReadCheckpointInfo(step).BatchSize)
                        .FirstOrDefault(size => size is not null)
            );
        }

        if (request.Wants(AnalysisKind.PreconditionedSharpness) && !_optimizer.IsAdaptive && !CheckpointsAreAdaptive())
        {
            throw new BundleException(
                Path.Combine(probe.Bundle.Directory, RunManifest.FileName),
                "training",
                "names no Adam, nor another optimiser that divides its steps",
                "leave preconditioned_sharpness out of --analyses"
            );
        }
    }

    // An optimiser may take the place of another in the middle of a run: any checkpoint may tell of one.
    private bool CheckpointsAreAdaptive() =>
        probe
            .Bundle.CheckpointSteps()
            .Any(step => _optimizer.AtCheckpoint(probe.Bundle.ReadCheckpointInfo(step)).IsAdaptive);

    /// <summary>Measures one checkpoint.</summary>
    /// <exception cref="BundleException">The checkpoint cannot be used.</exception>
    /// <exception cref="CurvatureException">A number was not finite.</exception>
    /// <exception cref="DerivativeException">libtorch refused.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal AnalysisDocument Analyse(long step, CancellationToken cancellation)
    {
        long started = time.GetTimestamp();
        long before = KeepCompared(step, cancellation);
        var info = probe.Load(step);
        using var linearization = _settings.Linearize(probe.Objective, probe.Theta);
        using var context = Context(linearization, info, cancellation);
        NotePlan(context.Plan);
        var readings = new OperatorReadings(context, request);
        var operators = readings.Operators();
        if (linearization.Degradation is { } degradation)
        {
            progress.Note($"step {step}: {degradation}");
        }

        return new AnalysisDocument
        {
            Run = probe.Bundle.Manifest.Run,
            Step = step,
            Samples = linearization.SampleCount,
            Parameters = linearization.ParameterCount,
            Dtype = linearization.ElementType == ElementType.Float64 ? "float64" : "float32",
            Loss = linearization.Loss,
            LearningRate = context.LearningRate,
            Difference = info.Difference,
            Optimizer = OptimizerStateReading.Of(context.Optimizer),
            Gradient = readings.Gradient(),
            Weights = readings.Weights(),
            Operators = operators,
            Cost = new MeasurementCost(
                before + readings.Products,
                time.GetElapsedTime(started).TotalSeconds,
                linearization.PeakBytes
            ),
            Provenance = Provenance(context.Plan, readings.VarianceForm, linearization.Degradation),
        };
    }

    public void Dispose() => _memory.Dispose();

    private AnalysisContext Context(
        Linearization linearization,
        Contracts.Runs.CheckpointInfo info,
        CancellationToken cancellation
    )
    {
        var optimizer = _optimizer.AtCheckpoint(info);
        return new AnalysisContext
        {
            Linearization = linearization,
            Checkpoint = new MeasuredCheckpoint(info.Step, probe.Theta, optimizer.LearningRate)
            {
                SecondMoments = probe.SecondMoments,
                OptimizerStep = probe.OptimizerStep,
            },
            Settings = SettingsAt(optimizer.BatchSize),
            Memory = _memory,
            Analyses = request.Analyses,
            Optimizer = optimizer,
            Time = time,
            Batches = probe.CreateBatch,
            Progress = progress,
            Cancellation = cancellation,
        };
    }

    // The batches are those of the step.
    private AnalysisSettings SettingsAt(long? batchSize)
    {
        bool below = request.Wants(AnalysisKind.MiniBatch);
        return DrawsBatches
            ? _settings with
            {
                BatchSizes = BatchSizes.Of(_settings, batchSize, probe.Objective.SampleCount, below),
            }
            : _settings;
    }

    private ProvenanceReading Provenance(KrylovPlan plan, VarianceForm? form, Degradation? degradation)
    {
        var manifest = probe.Bundle.Manifest;
        bool spectrum = request.Wants(AnalysisKind.Spectrum);
        bool lowered = spectrum && plan.Steps < plan.Wanted;
        return new ProvenanceReading
        {
            Model = manifest.Model switch
            {
                BuiltInModelReference builtIn => builtIn.Name,
                TorchScriptModelReference script => script.File,
                _ => null,
            },
            Loss = manifest.Loss.ToString(),
            BatchNorm = manifest.BatchNorm.ToString().ToLowerInvariant(),
            FrozenBatchNorm = probe.Model.FrozenLayers is { Count: > 0 } frozen ? frozen : null,
            Trained =
                probe.Model.Frozen.Count > 0 ? [.. probe.Model.Parameters.Select(slot => slot.Name)] : null,
            Autocast = probe.Model.DescribeAutocast(),
            MicroBatch = probe.Objective.MicroBatch,
            Device = probe.Objective.Device.ToString(),
            Seed = _settings.Seed,
            Probes =
                request.Analyses.Any(DrawsProbes.Contains)
                    ? _settings.ProbesFor(probe.Objective.ParameterCount)
                    : null,
            VarianceForm = form?.Label(),
            Reorthogonalised = spectrum && !plan.Reorthogonalise ? false : null,
            StepsWanted = lowered ? plan.Wanted : null,
            StepsAllowed = lowered ? plan.Steps : null,
            DensityProbes = spectrum ? _settings.DensityProbes : null,
            Degradation = DegradationReading.Of(degradation),
            Libtorch = TorchRuntime.Version,
        };
    }

    // Once, and not before it is known that anything fits at all.
    private void NotePlan(KrylovPlan plan)
    {
        if (!_noted && request.Wants(AnalysisKind.Spectrum) && plan.Note(_settings) is { } note)
        {
            progress.Note(note);
        }

        _noted = true;
    }

    // The checkpoint that the others are compared with is measured first, once.
    private long KeepCompared(long step, CancellationToken cancellation)
    {
        if (
            !request.Wants(AnalysisKind.Tracking)
            || request.Compare is not { } compared
            || compared == step
            || _memory.HasTracked
        )
        {
            return 0;
        }

        var info = probe.Load(compared);
        using var linearization = _settings.Linearize(probe.Objective, probe.Theta);
        using var context = Context(linearization, info, cancellation);
        return context.PerOperator(kind => TrackingAnalysis.Remember(context, kind).CurvatureProducts).Sum();
    }
}
