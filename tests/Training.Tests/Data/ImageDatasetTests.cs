using CurvatureMonitor.Training.Data;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Training.Tests.Data;

public sealed class ImageDatasetTests
{
    private static ImageDataset Tiny(params long[] labels) =>
        new(
            "tiny",
            DatasetSplit.Train,
            3,
            [1, 1, 2],
            [.. labels.SelectMany((label, i) => new float[] { i, label })],
            labels
        );

    [Fact]
    public void Chosen_samples_come_in_the_order_in_which_they_are_asked_for()
    {
        ImageDataset chosen = Tiny(0, 1, 2, 1).Take([3, 0, 3]);

        Assert.Equal([1L, 0L, 1L], chosen.Labels.ToArray());
        Assert.Equal([3f, 1f, 0f, 0f, 3f, 1f], chosen.Images.ToArray());
        Assert.Equal([3L, 1L, 1L, 2L], chosen.Shape.ToArray());
        Assert.Equal([3f, 1f], chosen.Image(2).ToArray());
    }

    [Fact]
    public void A_balanced_subset_takes_the_first_of_every_class_and_gives_the_remainder_to_the_lowest_classes()
    {
        ImageDataset subset = Tiny(2, 2, 2, 1, 0, 1, 0, 2).TakeBalanced(5);

        Assert.Equal([2L, 1L, 0L, 1L, 0L], subset.Labels.ToArray());
        Assert.Equal([0f, 3f, 4f, 5f, 6f], Enumerable.Range(0, 5).Select(i => subset.Image(i)[0]));
    }

    [Fact]
    public void Every_balanced_subset_has_class_counts_that_differ_by_at_most_one_and_keeps_the_order()
    {
        var cases = from labels in Gen.Choose(0, 2).ListOf(60) from count in Gen.Choose(0, 12) select (labels, count);
        Prop.ForAll(cases.ToArbitrary(), input =>
            {
                ImageDataset whole = Tiny([.. input.labels.Select(label => (long)label)]);
                if (Enumerable.Range(0, 3).Any(label => input.labels.Count(l => l == label) < (input.count + 2) / 3))
                {
                    return true;
                }

                ImageDataset subset = whole.TakeBalanced(input.count);
                long[] labels = subset.Labels.ToArray();
                int[] counts = [.. Enumerable.Range(0, 3).Select(label => labels.Count(l => l == label))];
                float[] order = [.. Enumerable.Range(0, subset.Count).Select(i => subset.Image(i)[0])];
                return subset.Count == input.count
                    && counts.Max() - counts.Min() <= 1
                    && order.SequenceEqual(order.Order().Distinct());
            })
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_balanced_subset_that_a_class_cannot_fill_is_refused_with_the_class_named()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Tiny(0, 0, 1, 1, 2).TakeBalanced(6));

        Assert.Contains("class 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sample_that_does_not_exist_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Tiny(0, 1).Take([2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tiny(0, 1).Take([-1]));
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
