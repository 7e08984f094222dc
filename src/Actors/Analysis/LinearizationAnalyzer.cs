using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Tensors;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Torch;
using CurvatureMonitor.Training.Optimizers;

namespace CurvatureMonitor.Actors.Analysis;

/// <summary>
/// Measures on an objective of its own: every job linearizes it at the checkpoint once, for all operators.
/// </summary>
internal sealed class LinearizationAnalyzer : ICheckpointAnalyzer
{
    private readonly TimeProvider _time;
    private readonly OptimizerOptions? _optimizer;
    private readonly Objective _objective;
    private readonly Vector _theta;
    private readonly Vector? _buffers;

    // Only for the sharpness, whose converged value does not depend on the start beyond its error bar. A spectrum does,
    // and must not depend on what was measured before.
    private readonly Dictionary<OperatorKind, WarmStart> _warmStarts = [];
    private readonly StatisticsAnalyses _statistics;

    public LinearizationAnalyzer(RunProbe probe, TimeProvider time)
    {
        _time = time;
        _optimizer = probe.Optimizer?.Options;
        _statistics = new StatisticsAnalyses(probe.Optimizer, time);
        _objective = probe.CreateObjective();
        try
        {
            _theta = Vector.Zeros(_objective.ParameterCount, probe.ElementType, probe.Device);
            _buffers =
                _objective.BufferCount == 0
                    ? null
                    : Vector.Zeros(_objective.BufferCount, probe.ElementType, probe.Device);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public AnalysisReport Analyse(AnalyseCheckpoint job, CancellationToken cancellationToken)
    {
        job.Checkpoint.CopyParametersTo(_theta);
        if (_buffers is not null)
        {
            job.Checkpoint.CopyBuffersTo(_buffers);
            _objective.SetBuffers(_buffers);
        }

        cancellationToken.ThrowIfCancellationRequested();
        var settings = job.Settings;
        var memory = new LinearizationOptions { RetainBytes = settings.RetainBytes, LimitBytes = settings.LimitBytes };
        using var linearization = new Linearization(_objective, _theta, memory);
        if (job.Id.Analysis is not (AnalysisKind.Spectrum or AnalysisKind.Sharpness))
        {
            return _statistics.Analyse(job, linearization, _theta, cancellationToken);
        }

        var analyzer = new CurvatureAnalyzer(linearization, _time);
        var measurements = new List<Measurement>();
        foreach (var kind in settings.Operators)
        {
            measurements.Add(
                job.Id.Analysis switch
                {
                    AnalysisKind.Spectrum => analyzer.Spectrum(
                        kind,
                        SpectrumOf(settings),
                        progress: null,
                        cancellationToken
                    ),
                    _ => Sharpness(analyzer, kind, settings, cancellationToken),
                }
            );
        }

        if (
            !job.Checkpoint.HasSecondMoments
            || !settings.Operators.Contains(OperatorKind.Hessian)
            || job.Checkpoint.Info.OptimizerStep is not { } steps
            || _optimizer is not { Kind: not OptimizerKind.Sgd } adam
        )
        {
            return new AnalysisReport(measurements);
        }

        var (sharpness, cost) = PreconditionedSharpness(linearization, job, adam, steps, cancellationToken);
        return new AnalysisReport(measurements, sharpness, cost);
    }

    public void Dispose()
    {
        foreach (var warmStart in _warmStarts.Values)
        {
            warmStart.Dispose();
        }

        _statistics.Dispose();
        _buffers?.Dispose();
        _theta?.Dispose();
        _objective.Dispose();
    }

    /// <summary>
    /// λ1 of the Hessian as Adam sees it; always from a cold start, so that it depends on the checkpoint alone.
    /// </summary>
    private (Estimate? Sharpness, MeasurementCost Cost) PreconditionedSharpness(
        Linearization linearization,
        AnalyseCheckpoint job,
        OptimizerOptions adam,
        long steps,
        CancellationToken cancellationToken
    )
    {
        var started = _time.GetTimestamp();
        var settings = job.Settings;
        using var secondMoment = _theta.ZerosLike();
        job.Checkpoint.CopySecondMomentsTo(secondMoment);
        using var curvature = PreconditionedOperator.ForAdam(
            new HessianOperator(linearization),
            secondMoment,
            adam.Beta1,
            adam.Beta2,
            steps,
            adam.Epsilon
        );
        var options = new ExtremalOptions
        {
            Bottom = 0,
            MaximumSteps = settings.LanczosSteps,
            Tolerance = settings.Tolerance,
            Seed = settings.Seed,
            ComputeVectors = false,
        };
        using var result = ExtremalEigenpairs.Find(
            curvature,
            options,
            previous: null,
            progress: null,
            cancellationToken
        );
        return (
            result.LambdaMax,
            new MeasurementCost(result.Products, _time.GetElapsedTime(started).TotalSeconds, linearization.PeakBytes)
        );
    }

    private static SpectrumOptions SpectrumOf(AnalysisSettings settings) =>
        new()
        {
            Steps = settings.LanczosSteps,
            Seed = settings.Seed,
            TopEigenvalues = settings.TopEigenvalues,
        };

    private SharpnessMeasurement Sharpness(
        CurvatureAnalyzer analyzer,
        OperatorKind kind,
        AnalysisSettings settings,
        CancellationToken cancellationToken
    )
    {
        var options = new ExtremalOptions
        {
            MaximumSteps = settings.LanczosSteps,
            Tolerance = settings.Tolerance,
            Seed = settings.Seed,
        };
        if (settings.ColdStart)
        {
            using var none = new WarmStart();
            return analyzer.Sharpness(kind, options, none, progress: null, cancellationToken);
        }

        if (!_warmStarts.TryGetValue(kind, out var warmStart))
        {
            _warmStarts.Add(kind, warmStart = new WarmStart());
        }

        try
        {
            return analyzer.Sharpness(kind, options, warmStart, progress: null, cancellationToken);
        }
        catch
        {
            warmStart.Forget();
            throw;
        }
    }
}
