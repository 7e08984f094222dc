using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Actors.Tensors;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Analyses;
using CurvatureMonitor.Curvature.Stability;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Storage.Checkpoints;

namespace CurvatureMonitor.Actors.Analysis;

/// <summary>
/// Measures on an objective of its own: every job linearizes it at the checkpoint once, for all operators.
/// </summary>
internal sealed class LinearizationAnalyzer : ICheckpointAnalyzer
{
    private readonly TimeProvider _time;
    private readonly OptimizerDescription _optimizer;
    private readonly Objective _objective;
    private readonly Vector _theta;
    private readonly Vector? _buffers;
    private readonly AnalysisMemory _memory = new();

    public LinearizationAnalyzer(RunProbe probe, TimeProvider time)
    {
        _time = time;
        _optimizer = probe.Optimizer;
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

    public AnalysisReport Analyse(AnalyseCheckpoint job, Checkpoint checkpoint, CancellationToken cancellationToken)
    {
        checkpoint.CopyParametersTo(_theta);
        if (_buffers is not null)
        {
            checkpoint.CopyBuffersTo(_buffers);
            _objective.SetBuffers(_buffers);
        }

        checkpoint.CopyDiscretesTo(_objective);

        cancellationToken.ThrowIfCancellationRequested();
        var settings = job.Settings;
        var optimizer = _optimizer.AtCheckpoint(checkpoint.Info);
        using var secondMoments = optimizer.IsAdaptive ? SecondMoments(job, checkpoint) : null;
        using var linearization = settings.Linearize(_objective, _theta);
        using var context = new AnalysisContext
        {
            Linearization = linearization,
            Checkpoint = new MeasuredCheckpoint(job.Id.Step, _theta, optimizer.LearningRate)
            {
                SecondMoments = secondMoments,
                OptimizerStep = checkpoint.Info.OptimizerStep,
            },
            Settings = settings,
            Memory = _memory,
            Analyses = [job.Id.Analysis],
            Optimizer = optimizer,
            Time = _time,
            Cancellation = cancellationToken,
        };
        return CheckpointReports.Of(context, job.Id.Analysis);
    }

    public void Dispose()
    {
        _memory.Dispose();
        _buffers?.Dispose();
        _theta?.Dispose();
        _objective.Dispose();
    }

    private Vector? SecondMoments(AnalyseCheckpoint job, Checkpoint checkpoint)
    {
        if (
            !checkpoint.HasSecondMoments
            || job.Id.Analysis
                is not (AnalysisKind.Spectrum or AnalysisKind.Sharpness or AnalysisKind.PreconditionedSharpness)
        )
        {
            return null;
        }

        var secondMoments = _theta.ZerosLike();
        try
        {
            checkpoint.CopySecondMomentsTo(secondMoments);
            return secondMoments;
        }
        catch
        {
            secondMoments.Dispose();
            throw;
        }
    }
}
