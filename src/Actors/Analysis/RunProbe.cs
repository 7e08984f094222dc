using CurvatureMonitor.Torch;
using CurvatureMonitor.Training;
using CurvatureMonitor.Training.Data;
using CurvatureMonitor.Training.Models;
using CurvatureMonitor.Training.Optimizers;

namespace CurvatureMonitor.Actors.Analysis;

/// <summary>
/// What a run's curvature is measured of: its model and loss on its probe set. One object a run, used by every curvature actor: the samples lie on
/// the device once.
/// </summary>
public sealed class RunProbe : IDisposable
{
    private readonly TrainingOptions _training;
    private readonly ModelDefinition _model;
    private readonly ImageDataset _data;
    private readonly Lock _gate = new();
    private Samples? _samples;
    private bool _disposed;

    internal RunProbe(TrainingRequest request, ModelDefinition model)
    {
        Run = request.Run;
        _training = request.Training;
        _model = model;
        _data = request.ProbeData ?? request.TrainingData;
        MicroBatch = request.ProbeMicroBatch;
        BatchNorm = request.ProbeBatchNorm;
    }

    /// <summary>The run's name.</summary>
    public string Run { get; }

    /// <summary>N, the samples of the probe set.</summary>
    public int SampleCount => _data.Count;

    /// <summary>b, samples a micro-batch.</summary>
    public int MicroBatch { get; }

    /// <summary>What batch norm normalises with.</summary>
    public BatchNormMode BatchNorm { get; }

    /// <summary>The optimiser, whose preconditioner is part of what is measured.</summary>
    public OptimizerOptions Optimizer => _training.Optimizer;

    /// <summary>P.</summary>
    public long ParameterCount => _model.ParameterCount;

    /// <summary>The type of the vectors.</summary>
    public ElementType ElementType => _training.ElementType;

    /// <summary>Where curvature is computed.</summary>
    public Device Device => _training.Device;

    /// <summary>Makes an objective with a copy of the model of its own; the samples are shared. Safe on any thread.</summary>
    /// <returns>The objective, which the caller disposes.</returns>
    /// <exception cref="TorchException">Model and samples do not fit each other, or memory is used up.</exception>
    /// <exception cref="ObjectDisposedException">The run is over.</exception>
    public Objective CreateObjective()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _samples ??= _data.ToSamples(ElementType, Device);
            using var model = _model.Instantiate(ElementType, Device, _training.Seed);
            return new Objective(model, _samples, _training.Loss, BatchNorm, MicroBatch);
        }
    }

    /// <summary>Frees the samples; objectives made before go on to work.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _samples?.Dispose();
            _samples = null;
        }
    }
}
