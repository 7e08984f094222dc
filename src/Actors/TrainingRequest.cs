using CurvatureMonitor.Checkpoints.Stores;
using CurvatureMonitor.Torch;
using CurvatureMonitor.Training;
using CurvatureMonitor.Training.Data;

namespace CurvatureMonitor.Actors;

/// <summary>A training to run and to monitor.</summary>
public sealed record TrainingRequest
{
    /// <summary>The run's name; no other run of that name may be under way.</summary>
    public required string Run { get; init; }

    /// <summary>How to train.</summary>
    public required TrainingOptions Training { get; init; }

    /// <summary>What to train on.</summary>
    public required ImageDataset TrainingData { get; init; }

    /// <summary>Samples that accuracy is evaluated on; none without them.</summary>
    public ImageDataset? TestData { get; init; }

    /// <summary>The probe set: the fixed samples, in a fixed order, on which curvature is measured. The training data where it is null.</summary>
    public ImageDataset? ProbeData { get; init; }

    /// <summary>b, the probe set's samples a micro-batch.</summary>
    public int ProbeMicroBatch { get; init; } = 512;

    /// <summary>What batch norm normalises with while curvature is measured.</summary>
    public BatchNormMode ProbeBatchNorm { get; init; } = BatchNormMode.Train;

    /// <summary>k: a checkpoint is emitted every k steps, and at the last.</summary>
    public long CheckpointEvery { get; init; } = 10;

    /// <summary>Accuracy is evaluated every so many steps, and at the last; 0 for the last alone.</summary>
    public long EvaluateEvery { get; init; } = 50;

    /// <summary>Which checkpoints are measured in which way.</summary>
    public IReadOnlyList<AnalysisCadence> Analyses { get; init; } = [new(AnalysisKind.Spectrum)];

    /// <summary>How they are measured.</summary>
    public AnalysisSettings Settings { get; init; } = new();

    /// <summary>
    /// The overhead budget: how many seconds of measuring a second of wall time may cost, for example 0.5; no limit where null. While the run's
    /// share is above it
    /// no job is started, save that of the final checkpoint.
    /// </summary>
    public double? OverheadBudget { get; init; }

    /// <summary>Where every emitted checkpoint is saved; none is where null. It stays the caller's, and must know the run.</summary>
    public ICheckpointStore? Store { get; init; }

    /// <summary>The revision of the training code, for <c>curvature_run_info</c>.</summary>
    public string Revision { get; init; } = "";

    /// <summary>Makes sure that the run can start.</summary>
    /// <exception cref="TrainingConfigurationException">The training options are wrong.</exception>
    /// <exception cref="ArgumentException">Something else is; the message says what and how to mend it.</exception>
    public void Validate()
    {
        if (string.IsNullOrWhiteSpace(Run))
        {
            throw new ArgumentException("the run has no name: give one");
        }

        Training.Validate();
        Settings.Validate();
        AtLeast("probe micro-batch", ProbeMicroBatch, 1);
        AtLeast("checkpoint interval", CheckpointEvery, 1);
        AtLeast("evaluation interval", EvaluateEvery, 0);
        foreach (var cadence in Analyses)
        {
            AtLeast($"cadence of {cadence.Kind.Label()}", cadence.Every, 1);
        }

        if (Analyses.Select(cadence => cadence.Kind).Distinct().Count() != Analyses.Count)
        {
            throw new ArgumentException("analyses: name each once");
        }

        if (OverheadBudget is { } budget && !(budget > 0 && double.IsFinite(budget)))
        {
            throw new ArgumentException($"the overhead budget is {budget}: give a share above 0, such as 0.5, or leave it out");
        }
    }

    private static void AtLeast(string name, long value, long least)
    {
        if (value < least)
        {
            throw new ArgumentException($"the {name} is {value}: give a whole number of at least {least}");
        }
    }
}
