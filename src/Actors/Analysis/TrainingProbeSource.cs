using CurvatureMonitor.Actors.Requests;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Stability;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Training;
using CurvatureMonitor.Training.Data;
using CurvatureMonitor.Training.Models;

namespace CurvatureMonitor.Actors.Analysis;

/// <summary>The objective of a run that is trained here.</summary>
internal sealed class TrainingProbeSource(TrainingRequest request, ModelDefinition model) : IProbeSource
{
    private readonly ImageDataset _data = request.ProbeData ?? request.TrainingData;

    public long SampleCount => _data.Count;

    public int MicroBatch => request.ProbeMicroBatch;

    public BatchNormMode BatchNorm => request.ProbeBatchNorm;

    public string Loss => request.Training.Loss.Label();

    public OptimizerDescription Optimizer { get; } =
        OptimizerDescriptions.Of(request.Training.Optimizer, request.Training.BatchSize, request.TrainingData.Count);

    public long ParameterCount => model.ParameterCount;

    public ElementType ElementType => request.Training.ElementType;

    public Device Device => request.Training.Device;

    public Samples CreateSamples() => _data.ToSamples(ElementType, Device);

    public Objective CreateObjective(Samples samples)
    {
        using var instance = model.Instantiate(ElementType, Device, request.Training.Seed);
        return new Objective(instance, samples, request.Training.Loss, BatchNorm, MicroBatch);
    }

    public void Dispose()
    {
        // Nothing is held.
    }
}
