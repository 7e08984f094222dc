using CurvatureMonitor.Actors.Tensors;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Storage.Bundles;

namespace CurvatureMonitor.Actors.Analysis;

/// <summary>
/// The objective of a run that other processes measure: this one knows what it is like, and never runs the model.
/// </summary>
internal sealed class DescribedProbeSource(RunBundle bundle, BundleDescription description, Device device)
    : BundleSource(bundle, description.CreateLayout())
{
    public override long SampleCount => description.SampleCount;

    public override string Trained => description.Trained;

    public override string Autocast => description.Autocast;

    public override bool HasBatchNorm => description.HasBatchNorm;

    public override ElementType ElementType => description.ElementType;

    public override Device Device => device;

    public override Samples CreateSamples() => throw NotHere();

    public override Objective CreateObjective(Samples samples) => throw NotHere();

    public override void Dispose()
    {
        // Nothing was opened.
    }

    private static InvalidOperationException NotHere() => new("this process gives its jobs to others");
}
