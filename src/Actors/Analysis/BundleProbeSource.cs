using CurvatureMonitor.Actors.Tensors;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Objectives;
using CurvatureMonitor.Storage;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Storage.Checkpoints;

namespace CurvatureMonitor.Actors.Analysis;

/// <summary>
/// The objective of a run whose model and probe set came in a bundle. Both are read once, so that the files may go.
/// </summary>
internal sealed class BundleProbeSource : BundleSource
{
    private readonly ScriptModel _model;
    private readonly LossFunction _loss;
    private readonly string _inputs;
    private Samples? _samples;

    private BundleProbeSource(
        RunBundle bundle,
        ScriptModel model,
        LossFunction loss,
        Samples samples,
        string inputs,
        bool hasBatchNorm
    )
        : base(bundle, CheckpointLayout.Of(model))
    {
        (_model, _loss) = (model, loss);
        _samples = samples;
        _inputs = inputs;
        SampleCount = samples.Count;
        HasBatchNorm = hasBatchNorm;
    }

    public override long SampleCount { get; }

    public override string Trained => _model.DescribeTrained();

    public override string Autocast => _model.DescribeAutocast() ?? "";

    public override bool HasBatchNorm { get; }

    public override ElementType ElementType => _model.ElementType;

    public override Device Device => _model.Device;

    /// <summary>Reads model and probe set, and sees that they go together.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="type">The element type to compute in; null for that of the probe set's inputs.</param>
    /// <param name="device">Where to compute.</param>
    /// <exception cref="BundleException">A file cannot be used, or they do not go together.</exception>
    /// <exception cref="DerivativeException">Memory is used up, or an operation is not supported.</exception>
    public static BundleProbeSource Open(RunBundle bundle, ElementType? type, Device device)
    {
        var probe = bundle.ReadProbe();
        ScriptModel? model = null;
        Samples? samples = null;
        try
        {
            model = BundleModel.Load(bundle, type ?? probe.ElementType, device);
            samples = probe.ToSamples(model.ElementType, device);
            var loss = BundleModel.LossOf(bundle, probe);
            using var objective = BundleModel.CreateObjective(bundle, model, loss, samples, probe.InputText);
            return new BundleProbeSource(bundle, model, loss, samples, probe.InputText, objective.HasBatchNorm);
        }
        catch
        {
            samples?.Dispose();
            model?.Dispose();
            throw;
        }
    }

    public override Samples CreateSamples()
    {
        var samples = _samples ?? throw new InvalidOperationException("the samples were given away already");
        _samples = null;
        return samples;
    }

    public override Objective CreateObjective(Samples samples) =>
        BundleModel.CreateObjective(Bundle, _model, _loss, samples, _inputs);

    public override void Dispose()
    {
        _samples?.Dispose();
        _model.Dispose();
    }
}
