using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Stability;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Storage.Checkpoints;

namespace CurvatureMonitor.Actors.Analysis;

/// <summary>A run whose model and probe set came in a bundle: what the bundle itself says of it.</summary>
/// <param name="bundle">The bundle.</param>
/// <param name="layout">How checkpoints of the model lie in flat vectors.</param>
internal abstract class BundleSource(RunBundle bundle, CheckpointLayout layout) : IProbeSource
{
    /// <summary>How checkpoints of the model lie in flat vectors.</summary>
    public CheckpointLayout Layout => layout;

    public RunBundle Bundle => bundle;

    public int MicroBatch => bundle.Manifest.MicroBatch;

    public BatchNormMode BatchNorm => bundle.Manifest.BatchNorm;

    public string Loss => bundle.Manifest.Loss.ToString();

    public OptimizerDescription Optimizer { get; } = OptimizerDescriptions.Of(bundle.Manifest.Training);

    public long ParameterCount => layout.ParameterCount;

    public abstract long SampleCount { get; }

    public abstract string Trained { get; }

    public abstract string Autocast { get; }

    public abstract bool HasBatchNorm { get; }

    public abstract ElementType ElementType { get; }

    public abstract Device Device { get; }

    public abstract Samples CreateSamples();

    public abstract Objective CreateObjective(Samples samples);

    public abstract void Dispose();
}
