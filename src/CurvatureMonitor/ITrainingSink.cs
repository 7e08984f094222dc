using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Storage.Checkpoints;

namespace CurvatureMonitor;

/// <summary>Where a training's checkpoints go: to the actors of this process, or to a server. No call waits.</summary>
internal interface ITrainingSink : IAsyncDisposable
{
    /// <summary>The tensors of the checkpoints.</summary>
    CheckpointLayout Layout { get; }

    /// <summary>Where page and metrics are; null where nothing is served.</summary>
    string? Url { get; }

    /// <summary>Whether anything is taken any more.</summary>
    bool IsOpen { get; }

    /// <summary>Done when the run is over.</summary>
    Task<RunSummary> Completion { get; }

    /// <summary>A step was made.</summary>
    void Report(long step, double? loss, double? learningRate);

    /// <summary>A checkpoint, which passes to the sink.</summary>
    void Emit(Checkpoint checkpoint, bool final);

    /// <summary>A checkpoint could not be taken.</summary>
    void Refuse(long step, string reason);

    /// <summary>The training has ended; the first end counts.</summary>
    void End(RunOutcome outcome, string? failure, double trainingSeconds, double emittingSeconds);
}
