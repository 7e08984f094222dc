using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Storage.Checkpoints;

namespace CurvatureMonitor.Actors.Sources;

/// <summary>What a training has put in its feed since it was emptied.</summary>
/// <param name="Report">Where it stands; null where nothing is new.</param>
/// <param name="Skipped">Checkpoints that a newer one has overtaken in the feed.</param>
/// <param name="Refused">Checkpoints that could not be taken.</param>
/// <param name="Checkpoint">The latest, which passes to the taker; null where there is none.</param>
/// <param name="Final">Whether no more will come after it.</param>
/// <param name="Ended">How the training ended; null where it has not.</param>
internal sealed record FeedContent(
    TrainingReport? Report,
    IReadOnlyList<CheckpointSkipped> Skipped,
    IReadOnlyList<CheckpointRefused> Refused,
    Checkpoint? Checkpoint,
    bool Final,
    TrainingEnded? Ended
);
