using CurvatureMonitor.Training.Data;

namespace CurvatureMonitor.Training.Tests.Data;

public sealed class ImageDatasetTests
{
    [Fact]
    public void Chosen_samples_come_in_the_order_in_which_they_are_asked_for()
    {
        ImageDataset chosen = TinyDataset.Tiny(0, 1, 2, 1).Take([3, 0, 3]);

        Assert.Equal([1L, 0L, 1L], chosen.Labels.ToArray());
        Assert.Equal([3f, 1f, 0f, 0f, 3f, 1f], chosen.Images.ToArray());
        Assert.Equal([3L, 1L, 1L, 2L], chosen.Shape.ToArray());
        Assert.Equal([3f, 1f], chosen.Image(2).ToArray());
    }

    [Fact]
    public void A_sample_that_does_not_exist_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => TinyDataset.Tiny(0, 1).Take([2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => TinyDataset.Tiny(0, 1).Take([-1]));
    }

    [Fact]
    public void Arrays_that_do_not_agree_are_refused()
    {
        Assert.Throws<ArgumentException>(() =>
            new ImageDataset("x", DatasetSplit.Test, 2, [1, 2, 2], new float[7], new long[2])
        );
        Assert.Throws<ArgumentException>(() =>
            new ImageDataset("x", DatasetSplit.Test, 2, [1, 1, 1], new float[1], [2])
        );
    }
}
