using CurvatureMonitor.Training.RandomNumbers;

namespace CurvatureMonitor.Training.Tests.RandomNumbers;

/// <summary>Streams of random numbers.</summary>
public sealed class RandomStreamTests
{
    [Fact]
    public void Streams_and_seeds_do_not_share_their_numbers()
    {
        ulong[] firsts =
        [
            .. from seed in Enumerable.Range(0, 20)
            from stream in Enumerable.Range(0, 20)
            select new Xoshiro256(seed, (ulong)stream).Next(),
        ];
        Assert.Equal(400, firsts.Distinct().Count());
    }

    [Fact]
    public void Bounded_integers_are_uniform_by_a_chi_squared_test()
    {
        const int Draws = 60_000;
        var random = new Xoshiro256(11);
        var counts = new int[6];
        for (var i = 0; i < Draws; i++)
        {
            counts[random.NextBelow(6)]++;
        }

        var chiSquared = counts.Sum(count => Math.Pow(count - (Draws / 6.0), 2) / (Draws / 6.0));
        // The 0.999 quantile of 5 degrees of freedom is 20.5; far below 0.1 would be too even to be random.
        Assert.InRange(chiSquared, 0.1, 20.5);
    }

    [Fact]
    public void A_shuffle_gives_every_order_of_three_items_equally_often()
    {
        const int Draws = 12_000;
        var random = new Xoshiro256(5);
        var counts = new Dictionary<string, int>();
        for (var i = 0; i < Draws; i++)
        {
            char[] items = ['a', 'b', 'c'];
            random.Shuffle(items.AsSpan());
            var order = new string(items);
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }

        Assert.Equal(6, counts.Count);
        Assert.InRange(counts.Values.Sum(count => Math.Pow(count - (Draws / 6.0), 2) / (Draws / 6.0)), 0.1, 20.5);
    }
}
