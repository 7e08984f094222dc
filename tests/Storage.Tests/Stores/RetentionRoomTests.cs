using CurvatureMonitor.Storage.Stores;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Storage.Tests.Stores;

/// <summary>Retention where there is little room.</summary>
public sealed class RetentionRoomTests
{
    [Fact]
    public void When_there_is_no_room_the_passed_go_first_then_the_oldest_measured_and_what_is_open_stays()
    {
        var stored = StoredSteps.Stored(
            "a",
            (1, CheckpointUse.Open),
            (2, CheckpointUse.Measured),
            (3, CheckpointUse.Measured),
            (4, CheckpointUse.Passed),
            (5, CheckpointUse.Measured)
        );
        Assert.Equal([4L], StoredSteps.Steps(new BundleRetention { Last = 2, MaximumBytes = 40 }, stored));
        Assert.Equal([2L, 3, 4], StoredSteps.Steps(new BundleRetention { Last = 2, MaximumBytes = 20 }, stored));
        Assert.Equal([2L, 3, 4, 5], StoredSteps.Steps(new BundleRetention { Last = 2, MaximumBytes = 0 }, stored));
    }

    [Fact]
    public void Whatever_is_stored_open_ones_stay_and_the_rest_fits() =>
        Prop.ForAll(
                Gen.Choose(0, 12)
                    .SelectMany(count => Gen.Choose(0, 2).Select(use => (CheckpointUse)use).ArrayOf(count))
                    .ToArbitrary(),
                Gen.Choose(0, 150).ToArbitrary(),
                Gen.Choose(1, 5).ToArbitrary(),
                (uses, bytes, last) =>
                {
                    var stored = StoredSteps.Stored("a", [.. uses.Select((use, i) => ((long)i, use))]);
                    var surplus = new BundleRetention { Last = last, MaximumBytes = bytes }.Surplus(stored);
                    var kept = stored.Except(surplus).ToList();
                    long open = stored.Count(checkpoint => checkpoint.Use == CheckpointUse.Open);
                    return surplus.Distinct().Count() == surplus.Count
                        && surplus.All(checkpoint => checkpoint.Use != CheckpointUse.Open)
                        && kept.Sum(checkpoint => checkpoint.Bytes) <= Math.Max(bytes, 10 * open);
                }
            )
            .QuickCheckThrowOnFailure();
}
