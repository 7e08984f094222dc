using CurvatureMonitor.Actors.Requests;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Stability;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Actors.Analysis;

/// <summary>The objective of a TorchSharp module that this program trains.</summary>
internal sealed class ModuleProbeSource : IProbeSource
{
    private readonly ModuleRequest _request;
    private Objective? _first;
    private Samples? _samples;

    /// <summary>Sees that module, loss and probe set go together.</summary>
    /// <param name="request">They; model and samples stay the caller's where it is refused.</param>
    /// <exception cref="DerivativeException">They do not go together, or an operation failed.</exception>
    public ModuleProbeSource(ModuleRequest request)
    {
        _request = request;
        _samples = request.Probe;
        _first = Create(request.Probe);
    }

    public long SampleCount => _request.Probe.Count;

    public int MicroBatch => _request.MicroBatch;

    public BatchNormMode BatchNorm => _request.BatchNorm;

    public string Loss => _request.Loss.BuiltIn is { } loss ? loss.Label() : "";

    public OptimizerDescription Optimizer => _request.Optimizer;

    public long ParameterCount => _request.Model.ParameterCount;

    public ElementType ElementType => _request.Model.ElementType;

    public Device Device => _request.Model.Device;

    public Samples CreateSamples()
    {
        var samples = _samples ?? throw new InvalidOperationException("the samples were given away already");
        _samples = null;
        return samples;
    }

    public Objective CreateObjective(Samples samples) => Interlocked.Exchange(ref _first, null) ?? Create(samples);

    public void Dispose()
    {
        _first?.Dispose();
        _samples?.Dispose();
        _request.Model.Dispose();
    }

    private Objective Create(Samples samples) =>
        new(_request.Model, samples, _request.Loss, _request.BatchNorm, _request.MicroBatch);
}
