using CurvatureMonitor.Training.Data;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Training.Tests.Data;

/// <summary>Subsets with as many samples of each class.</summary>
public sealed class BalancedSubsetTests
{
    [Fact]
    public void A_balanced_subset_takes_the_first_of_every_class_and_gives_the_remainder_to_the_lowest_classes()
    {
        ImageDataset subset = TinyDataset.Tiny(2, 2, 2, 1, 0, 1, 0, 2).TakeBalanced(5);

        Assert.Equal([2L, 1L, 0L, 1L, 0L], subset.Labels.ToArray());
        Assert.Equal([0f, 3f, 4f, 5f, 6f], Enumerable.Range(0, 5).Select(i => subset.Image(i)[0]));
    }

    [Fact]
    public void Every_balanced_subset_has_class_counts_that_differ_by_at_most_one_and_keeps_the_order()
    {
        var cases = from labels in Gen.Choose(0, 2).ListOf(60) from count in Gen.Choose(0, 12) select (labels, count);
        Prop.ForAll(cases.ToArbitrary(), input =>
            {
                ImageDataset whole = TinyDataset.Tiny([.. input.labels.Select(label => (long)label)]);
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
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => TinyDataset.Tiny(0, 0, 1, 1, 2).TakeBalanced(6));

        Assert.Contains("class 2", error.Message, StringComparison.Ordinal);
    }
}
