using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Stability;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Host.Http;
using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Host.Analysis;

/// <summary>The analyses that are made only where they are asked for, of one checkpoint.</summary>
internal sealed class FurtherAnalyses(
    BundleProbe probe,
    Linearization linearization,
    AnalysisRequest request,
    KrylovPlan plan,
    StabilityReadings stability,
    ProgressLine progress,
    TimeProvider time
)
{
    private readonly CurvatureStatistics _statistics = new(linearization, time);
    private readonly SpectrumAnalyzer _spectra = new(linearization, request, plan, progress, time);
    private long _products;

    /// <summary>Curvature products spent so far.</summary>
    internal long Products => _products + _spectra.Products;

    /// <summary>Norms of the parameters; null where they were not asked for.</summary>
    internal WeightsReading? Weights()
    {
        if (!request.Wants(BundleAnalysis.Weights))
        {
            return null;
        }

        var norms = _statistics.WeightNorms(probe.Theta);
        return new WeightsReading
        {
            L2 = norms.Norm.Value,
            Linf = norms.Maximum.Value,
            Layers = norms.Layers.ToDictionary(layer => layer.Layer, layer => layer.Estimate.Value),
        };
    }

    /// <summary>Adds to one operator's reading what else was asked for.</summary>
    internal OperatorReading Add(
        OperatorReading reading,
        KrylovFindings found,
        CheckpointTracker tracker,
        long step,
        CancellationToken cancellation
    )
    {
        var type = linearization.ElementType;
        return reading with
        {
            Layers = request.Wants(BundleAnalysis.Layers)
                ? Layers(reading.Layers, found.Kind, cancellation)
                : reading.Layers,
            Eigenpairs = request.Wants(BundleAnalysis.Eigenpairs)
                ? _spectra.MeasureEigenpairs(found.Kind, cancellation)
                : null,
            Views = request.Wants(BundleAnalysis.Views) ? DensityViews.Of(found, request, type, progress.Note) : null,
            Shape = request.Wants(BundleAnalysis.Shape) ? ShapeReading.Of(found.Density!, found.Kind, type) : null,
            Deflated = request.Wants(BundleAnalysis.Deflated) ? Deflate(found.Kind, cancellation) : null,
            BatchSharpness = request.Wants(BundleAnalysis.BatchSharpness)
                ? BatchSharpness(found.Kind, cancellation)
                : null,
            PreconditionedSharpness = request.Wants(BundleAnalysis.PreconditionedSharpness)
                ? Preconditioned(found.Kind, cancellation)
                : null,
            MiniBatch = request.Wants(BundleAnalysis.MiniBatch) ? MiniBatch(found, cancellation) : null,

            // The last, for it may take the vectors.
            Tracking = request.Wants(BundleAnalysis.Tracking) ? Track(found, tracker, step, cancellation) : null,
        };
    }

    private Dictionary<string, LayerReading> Layers(
        IReadOnlyDictionary<string, LayerReading>? traces,
        OperatorKind kind,
        CancellationToken cancellation
    )
    {
        progress.Begin($"{kind.Label()} sharpness of {linearization.Objective.Parameters.Count} layers");
        var options = new ExtremalOptions
        {
            Tolerance = AnalysisRequest.Tolerance,
            MaximumSteps = request.Steps ?? AnalysisRequest.MostSteps,
            Seed = request.Seed,
        };
        var measured = _statistics.LayerSharpness(kind, options, cancellation);
        _products += measured.Cost.CurvatureProducts;
        if (!measured.Converged)
        {
            progress.Note($"{kind.Label()}: the sharpness of a layer did not converge; raise --steps");
        }

        return measured.Layers.ToDictionary(
            layer => layer.Layer,
            layer =>
                (traces?.GetValueOrDefault(layer.Layer) ?? new LayerReading()) with
                {
                    LambdaMax = layer.Estimate.Value,
                    LambdaMaxResidual = layer.Estimate.Error,
                }
        );
    }

    private TrackingReading Track(
        KrylovFindings found,
        CheckpointTracker tracker,
        long step,
        CancellationToken cancellation
    )
    {
        progress.Begin($"{found.Kind.Label()} tracking");
        if (found.Resolved.Count == 0)
        {
            progress.Note(
                $"{found.Kind.Label()}: no eigenvector is known to a tenth, so none is tracked; raise --steps"
            );
        }

        var (reading, products) = tracker.Track(_statistics, found, step, cancellation);
        _products += products;
        if (tracker.Step is null || tracker.Step == step)
        {
            tracker.Keep(step, found);
        }

        return reading;
    }

    private DeflatedReading? Deflate(OperatorKind kind, CancellationToken cancellation)
    {
        int rank = (int)Math.Min(request.Outliers, linearization.ParameterCount - 1);
        if (rank == 0)
        {
            progress.Note("no deflated spectrum: a single parameter leaves nothing beside an outlier");
            return null;
        }

        progress.Begin($"{kind.Label()} deflated spectrum, {rank} outliers");
        var curvature = CurvatureAnalyzer.CreateOperator(kind, linearization);
        using var scratch = curvature as IDisposable;
        using var outliers = SubspaceIteration.Run(
            curvature,
            new SubspaceIterationOptions { Rank = rank, Seed = request.Seed },
            cancellation
        );
        int steps = Math.Min(plan.Steps, request.Steps ?? KrylovPlan.FastSteps);
        var density = DeflatedSpectrum.Measure(
            curvature,
            outliers.Vectors,
            [.. outliers.Values.Select(value => value.Value)],
            new LanczosOptions { Steps = steps },
            request.DensityProbes,
            request.Seed,
            cancellation
        );
        _products += curvature.Products;
        return new DeflatedReading
        {
            Eigenvalues = [.. outliers.Values.Select(value => value.Value)],
            EigenvalueResiduals = [.. outliers.Values.Select(value => value.Error)],
            Converged = outliers.Converged,
            Iterations = outliers.Iterations,
            Density = new SpectralStems(density.Nodes, density.Weights),
        };
    }

    private Dictionary<string, BatchSharpnessReading> BatchSharpness(OperatorKind kind, CancellationToken cancellation)
    {
        var readings = new Dictionary<string, BatchSharpnessReading>();
        foreach (int size in BatchSizes.Of(request, probe.Bundle.Manifest.Training, linearization.SampleCount))
        {
            progress.Begin($"{kind.Label()} batch sharpness, batches of {size}");
            var options = new BatchSharpnessOptions(size)
            {
                Batches = request.Batches ?? new BatchSharpnessOptions(size).Batches,
                Seed = request.Seed,
            };
            var measured = _statistics.BatchSharpness(options, kind, cancellation);
            _products += measured.Cost.CurvatureProducts;
            readings.Add(
                BatchSizes.Name(size),
                new BatchSharpnessReading
                {
                    Value = measured.Sharpness.Value,
                    Stderr = measured.Sharpness.Error,
                    Batches = measured.Batches,
                    Stability =
                        kind == OperatorKind.Hessian && size == probe.Bundle.Manifest.Training.BatchSize
                            ? stability.Of(measured.Sharpness, StabilityKind.Batch)
                            : null,
                }
            );
        }

        return readings;
    }

    private PreconditionedReading? Preconditioned(OperatorKind kind, CancellationToken cancellation)
    {
        if (stability.Optimizer is not AdamSettings adam)
        {
            progress.Note("no preconditioned sharpness: the bundle tells no learning rate of Adam");
            return null;
        }

        if (probe.SecondMoments is not { } moments || probe.OptimizerStep is not >= 1)
        {
            progress.Note(
                "no preconditioned sharpness: the checkpoint holds no second moments of Adam after a step "
                    + "(optimizer.exp_avg_sq.NAME and optimizer_step, docs/bundles.md)"
            );
            return null;
        }

        progress.Begin($"{kind.Label()} preconditioned sharpness");
        var options = new ExtremalOptions
        {
            Tolerance = AnalysisRequest.Tolerance,
            MaximumSteps = request.Steps ?? AnalysisRequest.MostSteps,
            Seed = request.Seed,
        };
        var measured = _statistics.PreconditionedSharpness(
            moments,
            adam,
            probe.OptimizerStep.Value,
            kind,
            options,
            cancellation
        );
        _products += measured.Cost.CurvatureProducts;
        return new PreconditionedReading
        {
            LambdaMax = measured.Sharpness.Value,
            LambdaMaxResidual = measured.Sharpness.Error,
            Converged = measured.Converged,
            OptimizerStep = probe.OptimizerStep,
            Stability =
                kind == OperatorKind.Hessian ? stability.Of(measured.Sharpness, StabilityKind.Preconditioned) : null,
        };
    }

    private Dictionary<string, MiniBatchReading>? MiniBatch(KrylovFindings found, CancellationToken cancellation)
    {
        if (linearization.Objective is { BatchNorm: BatchNormMode.Recompute, HasBatchNorm: true })
        {
            progress.Note(
                "no mini_batch: in mode recompute a batch would normalise by statistics of its own; measure in mode "
                    + "eval or train"
            );
            return null;
        }

        var analyzer = new MiniBatchAnalyzer(probe, request, plan, stability, progress, time);
        var readings = analyzer.Measure(found, linearization, cancellation);
        _products += analyzer.Products;
        return readings;
    }
}
