using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Stability;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Derivatives.Objectives;

namespace CurvatureMonitor.Actors.Requests;

/// <summary>
/// A TorchSharp module that this program trains itself: it emits checkpoints by the handle of the run.
/// </summary>
public sealed record ModuleRequest : MonitoringRequest
{
    /// <summary>The module as it is measured. The run disposes it once it has started.</summary>
    public required ModuleModel Model { get; init; }

    /// <summary>The probe set, in the model's element type and on its device; it passes to the run too.</summary>
    public required Samples Probe { get; init; }

    /// <summary>The loss.</summary>
    public required LossFunction Loss { get; init; }

    /// <summary>The module's name.</summary>
    public string ModelName { get; init; } = "";

    /// <summary>The data set's name.</summary>
    public string Dataset { get; init; } = "";

    /// <summary>The optimiser's name as it is shown.</summary>
    public string OptimizerName { get; init; } = "";

    /// <summary>The optimiser; checkpoints say what changes of it.</summary>
    public OptimizerDescription Optimizer { get; init; } = new();

    /// <summary>b, the probe set's samples a micro-batch.</summary>
    public int MicroBatch { get; init; } = 512;

    /// <summary>What batch norm normalises with while curvature is measured.</summary>
    public BatchNormMode BatchNorm { get; init; } = BatchNormMode.Train;

    /// <summary>Steps that the training will make; null where unknown.</summary>
    public long? Steps { get; init; }

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        AtLeast("probe micro-batch", MicroBatch, 1);
        if (Steps is { } steps)
        {
            AtLeast("number of steps", steps, 1);
        }

        if (Analyses.Count == 0)
        {
            throw new UserErrorException("there is nothing to measure: name an analysis");
        }
    }
}
