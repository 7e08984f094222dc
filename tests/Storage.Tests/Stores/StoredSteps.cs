using CurvatureMonitor.Storage.Stores;

namespace CurvatureMonitor.Storage.Tests.Stores;

/// <summary>Checkpoints that are stored.</summary>
internal static class StoredSteps
{
    public static List<StoredCheckpoint> Stored(string run, params (long Step, CheckpointUse Use)[] checkpoints) =>
        [
            .. checkpoints.Select(checkpoint => new StoredCheckpoint(
                run,
                checkpoint.Step,
                10,
                TestModels.Time.AddSeconds(checkpoint.Step),
                checkpoint.Use
            )),
        ];

    public static IEnumerable<long> Steps(BundleRetention retention, List<StoredCheckpoint> stored) =>
        retention.Surplus(stored).Select(checkpoint => checkpoint.Step).Order();
}
