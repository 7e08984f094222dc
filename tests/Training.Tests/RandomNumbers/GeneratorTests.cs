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
}
