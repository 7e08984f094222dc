using System.Globalization;
using CurvatureMonitor.LivePage.History;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.LivePage.Tests;

public sealed class ThinnedSeriesTests
{
    [Fact]
    public void It_stays_within_its_bound_and_keeps_the_first_the_newest_and_every_kth_item_between() =>
        Prop.ForAll(
                Gen.Choose(2, 40)
                    .SelectMany(capacity => Gen.Choose(1, 2000).Select(added => (Capacity: capacity, Added: added)))
                    .ToArbitrary(),
                example =>
                {
                    var series = new ThinnedSeries<string>(example.Capacity);
                    for (int i = 0; i < example.Added; i++)
                    {
                        series.Add(i.ToString(CultureInfo.InvariantCulture));
                    }

                    int[] kept = [.. series.ToArray().Select(item => int.Parse(item, CultureInfo.InvariantCulture))];
                    int stride = (int)series.Stride;
                    int last = example.Added - 1;
                    int[] expected =
                    [
                        .. Enumerable.Range(0, last / stride + 1).Select(i => i * stride).Append(last).Distinct(),
                    ];
                    return kept.Length <= example.Capacity
                        && kept.SequenceEqual(expected)
                        && (stride == 1 || 2 * (kept.Length + 1) >= example.Capacity);
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Nothing_is_let_go_until_it_is_full()
    {
        var series = new ThinnedSeries<string>(3);
        Assert.Empty(series.ToArray());
        series.Add("a");
        series.Add("b");
        series.Add("c");
        Assert.Equal(["a", "b", "c"], series.ToArray());
        series.Add("d");
        Assert.Equal(["a", "c", "d"], series.ToArray());
    }

    [Fact]
    public void A_series_of_less_than_two_items_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ThinnedSeries<string>(1));
}
