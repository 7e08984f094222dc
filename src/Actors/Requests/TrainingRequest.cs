using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Training;
using CurvatureMonitor.Training.Arguments;
using CurvatureMonitor.Training.Data;

namespace CurvatureMonitor.Actors.Requests;

/// <summary>A training to run and to monitor.</summary>
public sealed record TrainingRequest : MonitoringRequest
{
    /// <summary>How to train.</summary>
    public required TrainingOptions Training { get; init; }

    /// <summary>What to train on.</summary>
    public required ImageDataset TrainingData { get; init; }

    /// <summary>Samples that accuracy is evaluated on; none without them.</summary>
    public ImageDataset? TestData { get; init; }

    /// <summary>
    /// The probe set: the fixed samples, in a fixed order, on which curvature is measured. The training data where it
    /// is null.
    /// </summary>
    public ImageDataset? ProbeData { get; init; }

    /// <summary>b, the probe set's samples a micro-batch.</summary>
    public int ProbeMicroBatch { get; init; } = 512;

    /// <summary>What batch norm normalises with while curvature is measured.</summary>
    public BatchNormMode ProbeBatchNorm { get; init; } = BatchNormMode.Train;

    /// <summary>k: a checkpoint is emitted every k steps, and at the last.</summary>
    public long CheckpointEvery { get; init; } = 10;

    /// <summary>Accuracy is evaluated every so many steps, and at the last; 0 for the last alone.</summary>
    public long EvaluateEvery { get; init; } = 50;

    /// <summary>
    /// The least time from one step to the next: for a training that a person watches. None by default.
    /// </summary>
    public TimeSpan Pace { get; init; }

    /// <inheritdoc/>
    /// <exception cref="TrainingConfigurationException">The training options are wrong.</exception>
    public override void Validate()
    {
        base.Validate();
        Training.Validate();
        AtLeast("probe micro-batch", ProbeMicroBatch, 1);
        AtLeast("checkpoint interval", CheckpointEvery, 1);
        AtLeast("evaluation interval", EvaluateEvery, 0);
        if (Pace < TimeSpan.Zero || Pace > TimeSpan.FromMinutes(1))
        {
            throw new UserErrorException($"the pace is {Pace.TotalSeconds} s a step: give 0 to 60");
        }
    }
}
