using CurvatureMonitor.Actors.Requests;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Stability;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Storage;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Training.Models;

namespace CurvatureMonitor.Actors.Analysis;

/// <summary>
/// What a run's curvature is measured of: its model and loss on its probe set. One object a run, used by every
/// curvature actor: the samples lie on the device once.
/// </summary>
public sealed class RunProbe : IDisposable
{
    private readonly IProbeSource _source;
    private readonly Lock _gate = new();
    private Samples? _samples;
    private bool _disposed;

    internal RunProbe(string run, IProbeSource source)
    {
        Run = run;
        _source = source;
    }

    internal RunProbe(TrainingRequest request, ModelDefinition model)
        : this(request.Run, new TrainingProbeSource(request, model)) { }

    /// <summary>Reads model and probe set of a bundle, and sees that they go together.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="type">The element type to compute in; null for that of the probe set's inputs.</param>
    /// <param name="device">Where to compute.</param>
    /// <exception cref="BundleException">A file cannot be used, or they do not go together.</exception>
    /// <exception cref="DerivativeException">Memory is used up, or an operation is not supported.</exception>
    public static RunProbe Open(RunBundle bundle, ElementType? type, Device device)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        return new RunProbe(bundle.Manifest.Run, BundleProbeSource.Open(bundle, type, device));
    }

    /// <summary>The run's name.</summary>
    public string Run { get; }

    /// <summary>N, the samples of the probe set.</summary>
    public long SampleCount => _source.SampleCount;

    /// <summary>b, samples a micro-batch.</summary>
    public int MicroBatch => _source.MicroBatch;

    /// <summary>What batch norm normalises with.</summary>
    public BatchNormMode BatchNorm => _source.BatchNorm;

    /// <summary>The loss with its options; empty where it has no name.</summary>
    public string Loss => _source.Loss;

    /// <summary>Which parameters are measured: all, or how many and the first of them.</summary>
    public string Trained => _source.Trained;

    /// <summary>What is done with the program's casts to types of less precision; empty where it has none.</summary>
    public string Autocast => _source.Autocast;

    /// <summary>Whether the model has batch norm, or that is not known yet.</summary>
    public bool HasBatchNorm => _source.HasBatchNorm;

    /// <summary>The optimiser, whose limits and preconditioner are part of what is measured.</summary>
    public OptimizerDescription Optimizer => _source.Optimizer;

    /// <summary>P.</summary>
    public long ParameterCount => _source.ParameterCount;

    /// <summary>The type of the vectors.</summary>
    public ElementType ElementType => _source.ElementType;

    /// <summary>Where curvature is computed.</summary>
    public Device Device => _source.Device;

    /// <summary>The bundle that it was read from; null where the run is trained here.</summary>
    public RunBundle? Bundle => _source.Bundle;

    /// <summary>
    /// Makes an objective with a copy of the model of its own; the samples are shared. Safe on any thread.
    /// </summary>
    /// <returns>The objective, which the caller disposes.</returns>
    /// <exception cref="DerivativeException">Model and samples do not fit each other, or memory is used up.</exception>
    /// <exception cref="ObjectDisposedException">The run is over.</exception>
    public Objective CreateObjective()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _samples ??= _source.CreateSamples();
            return _source.CreateObjective(_samples);
        }
    }

    /// <summary>Frees the samples; objectives made before continue to work.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                _disposed = true;
                _samples?.Dispose();
                _samples = null;
                _source.Dispose();
            }
        }
    }
}
