using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Reports.Runs;

namespace CurvatureMonitor.LivePage.History;

/// <summary>
/// Takes in what the monitor learns about runs. Every method is thread-safe, returns at once and never waits for a
/// reader.
/// </summary>
internal interface IRunRecorder
{
    /// <summary>A run starts. A run of the same name that was known before is forgotten.</summary>
    /// <exception cref="ArgumentException">The run's name is empty.</exception>
    void Start(RunDescription description);

    /// <summary>A run changes its state.</summary>
    void ChangeState(string run, RunState state);

    /// <summary>A training step was done.</summary>
    /// <exception cref="ArgumentException">The point names no run.</exception>
    void Add(TrainingPoint point);

    /// <summary>A measurement was finished.</summary>
    void Add(MeasurementPoint measurement);

    /// <summary>Something happened to a run.</summary>
    /// <exception cref="ArgumentException">The event names no run.</exception>
    void Add(RunEvent runEvent);

    /// <summary>A run's loss or parameters are not finite any more; with a null step they are again.</summary>
    void Diverge(string run, long? step, string? what);

    /// <summary>A run was taken up again from an earlier step.</summary>
    void Branch(string run, int branch, long step);

    /// <summary>States how many checkpoints of a run were dropped so far.</summary>
    void CountDropped(string run, long dropped);
}
