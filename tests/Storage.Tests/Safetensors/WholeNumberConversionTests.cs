using CurvatureMonitor.Storage.Safetensors;

namespace CurvatureMonitor.Storage.Tests.Safetensors;

/// <summary>Conversions of whole numbers.</summary>
public sealed class WholeNumberConversionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(TensorType.Bool, new byte[] { 0, 1 }, new double[] { 0, 1 })]
    [InlineData(TensorType.UInt8, new byte[] { 0, 255 }, new double[] { 0, 255 })]
    [InlineData(TensorType.Int8, new byte[] { 127, 128 }, new double[] { 127, -128 })]
    [InlineData(TensorType.UInt16, new byte[] { 1, 0, 255, 255 }, new double[] { 1, 65535 })]
    [InlineData(TensorType.Int16, new byte[] { 0, 1, 255, 255 }, new double[] { 256, -1 })]
    [InlineData(TensorType.UInt32, new byte[] { 255, 255, 255, 255 }, new double[] { 4294967295 })]
    [InlineData(TensorType.Int32, new byte[] { 254, 255, 255, 255 }, new double[] { -2 })]
    [InlineData(TensorType.UInt64, new byte[] { 0, 0, 0, 0, 0, 0, 0, 64 }, new double[] { 4611686018427387904 })]
    [InlineData(TensorType.Int64, new byte[] { 253, 255, 255, 255, 255, 255, 255, 255 }, new double[] { -3 })]
    public void Whole_numbers_of_every_width_and_sign_are_converted(TensorType type, byte[] bytes, double[] expected)
    {
        string path = _folder["whole.safetensors"];
        SafetensorsWriter.WriteFile(path, [TensorContent.FromBytes("x", type, [expected.Length], bytes)]);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        double[] doubles = new double[expected.Length];
        float[] singles = new float[expected.Length];
        long[] longs = new long[expected.Length];
        file.Read(file["x"], doubles);
        file.Read(file["x"], singles);
        file.Read(file["x"], longs);

        Assert.Equal(expected, doubles);
        Assert.Equal(expected.Select(value => (float)value), singles);
        Assert.Equal(expected.Select(value => (long)value), longs);
    }

    [Fact]
    public void Numbers_that_are_not_whole_or_too_large_are_not_read_as_whole_ones()
    {
        string path = _folder["labels.safetensors"];
        byte[] large = [0, 0, 0, 0, 0, 0, 0, 128];
        SafetensorsWriter.WriteFile(
            path,
            [
                TensorContent.From("real", [1], new float[] { 1 }),
                TensorContent.FromBytes("large", TensorType.UInt64, [1], large),
            ]
        );
        using SafetensorsFile file = SafetensorsFile.Open(path);

        BundleAssert.Refused(path, () => file.Read(file["real"], new long[1]), "'real'", "F32", "I64");
        BundleAssert.Refused(path, () => file.Read(file["large"], new long[1]), "'large'", "2^63");
        BundleAssert.Refused(path, () => _ = file["absent"], "'absent'", "large, real");
        Assert.Throws<ArgumentException>(() => file.Read(file["real"], new float[2]));
    }
}
