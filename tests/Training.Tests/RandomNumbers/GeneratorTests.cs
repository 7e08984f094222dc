using CurvatureMonitor.Training.RandomNumbers;

namespace CurvatureMonitor.Training.Tests.RandomNumbers;

public sealed class GeneratorTests
{
    [Fact]
    public void SplitMix64_gives_the_published_sequence_of_seed_1234567()
    {
        var random = new SplitMix64(1234567);
        ulong[] expected =
        [
            6457827717110365317,
            3203168211198807973,
            9817491932198370423,
            4593380528125082431,
            16408922859458223821,
        ];
        Assert.Equal(expected, expected.Select(_ => random.Next()));
    }

    [Fact]
    public void Xoshiro256_gives_the_published_sequence_of_state_1_2_3_4()
    {
        var random = new Xoshiro256(1, 2, 3, 4);
        ulong[] expected =
        [
            11520,
            0,
            1509978240,
            1215971899390074240,
            1216172134540287360,
            607988272756665600,
            16172922978634559625,
            8476171486693032832,
            10595114339597558777,
            2904607092377533576,
        ];
        Assert.Equal(expected, expected.Select(_ => random.Next()));
    }

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
