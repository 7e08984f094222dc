using CurvatureMonitor.Storage.Stores;

namespace CurvatureMonitor.Storage.Tests.Stores;

public sealed class BundleRetentionTests
{
    [Fact]
    public void The_last_ones_and_the_measured_ones_stay()
    {
        var retention = new BundleRetention { Last = 2 };
        Assert.Equal(
            [2L, 3],
            StoredSteps.Steps(
                retention,
                StoredSteps.Stored(
                    "a",
                    (1, CheckpointUse.Measured),
                    (2, CheckpointUse.Passed),
                    (3, CheckpointUse.Passed),
                    (4, CheckpointUse.Passed),
                    (5, CheckpointUse.Open)
                )
            )
        );
    }
}
