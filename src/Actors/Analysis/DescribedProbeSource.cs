using CurvatureMonitor.Actors.Tensors;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Stability;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Storage.Bundles;

namespace CurvatureMonitor.Actors.Analysis;

/// <summary>
/// The objective of a run that other processes measure: this one knows what it is like, and never runs the model.
/// </summary>
internal sealed class DescribedProbeSource(RunBundle bundle, BundleDescription description, Device device)
    : IProbeSource
{
    public RunBundle? Bundle => bundle;

    public long SampleCount => description.SampleCount;

    public int MicroBatch => bundle.Manifest.MicroBatch;

    public BatchNormMode BatchNorm => bundle.Manifest.BatchNorm;

    public OptimizerDescription Optimizer { get; } = OptimizerDescriptions.Of(bundle.Manifest.Training);

    public string Loss => bundle.Manifest.Loss.ToString();

    public string Trained => description.Trained;

    public bool HasBatchNorm => description.HasBatchNorm;

    public long ParameterCount { get; } = description.CreateLayout().ParameterCount;

    public ElementType ElementType => description.ElementType;

    public Device Device => device;

    public Samples CreateSamples() => throw NotHere();

    public Objective CreateObjective(Samples samples) => throw NotHere();

    public void Dispose()
    {
        // Nothing was opened.
    }

    private static InvalidOperationException NotHere() => new("this process gives its jobs to others");
}
