using static CurvatureMonitor.Derivatives.Tests.TorchScript.Archives.PickleSketch;

namespace CurvatureMonitor.Derivatives.Tests.TorchScript.Archives;

/// <summary>A tensor outside its storage, or a storage outside the file, is refused.</summary>
public sealed class TensorRefusalTests
{
    private const long Huge = 1L << 62;

    [Theory]
    [InlineData(0, new long[] { 7 }, new long[] { 1 })]
    [InlineData(1, new long[] { 2, 3 }, new long[] { 3, 1 })]
    [InlineData(7, new long[] { 0 }, new long[] { 1 })]
    [InlineData(-1, new long[] { 2 }, new long[] { 1 })]
    [InlineData(long.MaxValue, new long[] { 2 }, new long[] { long.MaxValue })]
    [InlineData(0, new long[] { -1 }, new long[] { 1 })]
    [InlineData(0, new long[] { -2, -3 }, new long[] { 3, 1 })]
    [InlineData(5, new long[] { 2 }, new long[] { -1 })]
    [InlineData(0, new long[] { 2 }, new long[] { 6 })]
    [InlineData(0, new long[] { 2 }, new long[] { Huge })]
    [InlineData(0, new long[] { Huge, Huge }, new long[] { 0, 0 })]
    [InlineData(0, new long[] { 1L << 32, 1L << 32 }, new long[] { 0, 0 })]
    [InlineData(0, new long[] { 1L << 32, 1L << 32, 0 }, new long[] { 1, 1, 1 })]
    [InlineData(0, new long[] { Huge }, new long[] { 0 })]
    [InlineData(0, new long[] { 1L << 30 }, new long[] { 0 })]
    [InlineData(0, new long[] { 2, 3 }, new long[] { 1 })]
    public void A_place_outside_the_storage_is_refused(long offset, long[] shape, long[] strides) =>
        ArchiveSketch.RefusalOfValue(Tensor(Storage("0", 6), offset, shape, strides));

    [Fact]
    public void Sixty_five_dimensions_are_refused() =>
        ArchiveSketch.RefusalOfValue(
            Tensor(Storage("0", 6), 0, [.. Enumerable.Repeat(1L, 65)], [.. Enumerable.Repeat(1L, 65)])
        );

    [Theory]
    [InlineData("0", 5, "FloatStorage", "holds 24 bytes where its tensor needs 20")]
    [InlineData("0", 7, "FloatStorage", "holds 24 bytes where its tensor needs 28")]
    [InlineData("0", 6, "DoubleStorage", "holds 24 bytes where its tensor needs 48")]
    [InlineData("1", 6, "FloatStorage", "there is no entry 'data/1'")]
    [InlineData("../data/0", 6, "FloatStorage", "there is no entry")]
    [InlineData("0", -1, "FloatStorage", "leaves its storage")]
    [InlineData("0", long.MaxValue, "DoubleStorage", "claims")]
    public void A_storage_that_is_not_in_the_file_is_refused(string key, long count, string type, string expected) =>
        Assert.Contains(
            expected,
            ArchiveSketch.RefusalOfValue(Tensor(Storage(key, count, type), 0, [1], [1]))
        );

    [Fact]
    public void A_storage_of_two_element_types_is_refused() =>
        Assert.Contains(
            "storage '0' has",
            ArchiveSketch.RefusalOfValue(
                Tuple(Tensor(Storage("0", 6), 0, [6], [1]), Tensor(Storage("0", 3, "LongStorage"), 0, [3], [1]))
            )
        );

    [Fact]
    public void A_compressed_storage_is_refused()
    {
        var zip = ArchiveSketch.Zip(Pickle(Module(Text("a"), Tensor(Storage("0", 6), 0, [6], [1]))));
        byte[] file = zip.With(new("model/data/0", new byte[24]) { Deflate = true }).Bytes();
        Assert.Contains("is compressed", ArchiveSketch.Refusal(file));
    }

    [Fact]
    public void A_gradient_of_whole_numbers_is_refused() =>
        ArchiveSketch.RefusalOfValue(Tensor(Storage("0", 3, "LongStorage"), 0, [3], [1], gradient: true));

    [Fact]
    public void Tensors_that_repeat_a_storage_a_million_times_are_refused()
    {
        byte[] repeated = Tensor(Storage("0", 6), 0, [1000, 1000, 6], [0, 0, 1]);
        Assert.Contains("unpacks to more than", ArchiveSketch.RefusalOfValue(repeated));
        ArchiveSketch.ReadValue(Tensor(Storage("0", 6), 0, [10, 6], [0, 1])).Dispose();
    }

    [Fact]
    public void A_refusal_releases_the_tensors_that_were_made()
    {
        long before = TorchSharp.torch.Tensor.TotalCount;
        ArchiveSketch.RefusalOfValue(Tuple(Tensor(Storage("0", 6), 0, [6], [1]), Global("os", "system")));
        Assert.InRange(TorchSharp.torch.Tensor.TotalCount, 0, before + 100);
    }
}
