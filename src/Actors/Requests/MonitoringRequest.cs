using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Storage.Stores;

namespace CurvatureMonitor.Actors.Requests;

/// <summary>What every monitored run has, whether it is trained here or its checkpoints come from outside.</summary>
public abstract record MonitoringRequest
{
    /// <summary>The run's name; no other run of that name may be under way.</summary>
    public required string Run { get; init; }

    /// <summary>Which checkpoints are measured in which way.</summary>
    public IReadOnlyList<AnalysisCadence> Analyses { get; init; } = [new(AnalysisKind.Spectrum)];

    /// <summary>How they are measured.</summary>
    public AnalysisSettings Settings { get; init; } = new();

    /// <summary>
    /// The overhead budget: how many seconds of measuring a second of wall time may cost, for example 0.5; no limit
    /// where null. While the run's share is above it no job is started, save that of the final checkpoint.
    /// </summary>
    public double? OverheadBudget { get; init; }

    /// <summary>
    /// Where every emitted checkpoint is saved; none is where null. It stays the caller's, and must know the run.
    /// </summary>
    public ICheckpointStore? Store { get; init; }

    /// <summary>The revision of the training code, for <c>curvature_run_info</c>.</summary>
    public string Revision { get; init; } = "";

    /// <summary>Makes sure that the run can start.</summary>
    /// <exception cref="UserErrorException">It cannot; the message says what is wrong and how to mend it.</exception>
    public virtual void Validate()
    {
        if (string.IsNullOrWhiteSpace(Run))
        {
            throw new UserErrorException("the run has no name: give one");
        }

        Settings.Validate();
        foreach (var cadence in Analyses)
        {
            AtLeast($"cadence of {cadence.Kind.Label()}", cadence.Every, 1);
        }

        if (Analyses.Select(cadence => cadence.Kind).Distinct().Count() != Analyses.Count)
        {
            throw new UserErrorException("analyses: name each once");
        }

        if (OverheadBudget is { } budget && !(budget > 0 && double.IsFinite(budget)))
        {
            throw new UserErrorException(
                $"the overhead budget is {budget}: give a share above 0, such as 0.5, or leave it out"
            );
        }
    }

    private protected static void AtLeast(string name, long value, long least)
    {
        if (value < least)
        {
            throw new UserErrorException($"the {name} is {value}: give a whole number of at least {least}");
        }
    }
}
