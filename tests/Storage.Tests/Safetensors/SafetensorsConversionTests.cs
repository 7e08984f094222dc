using System.Runtime.InteropServices;
using CurvatureMonitor.Storage.Safetensors;

namespace CurvatureMonitor.Storage.Tests.Safetensors;

public sealed class SafetensorsConversionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_half_precision_pattern_is_converted_by_the_formula_of_binary16()
    {
        (double[] doubles, float[] singles) = ReadAllPatterns(TensorType.Float16);

        for (int bits = 0; bits < 65536; bits++)
        {
            double expected = FromFields(bits, exponentBits: 5, fractionBits: 10);
            Assert.Equal(expected, doubles[bits]);
            Assert.Equal((float)expected, singles[bits]);
        }
    }

    [Fact]
    public void Every_bfloat16_pattern_is_converted_by_its_formula()
    {
        (double[] doubles, float[] singles) = ReadAllPatterns(TensorType.BFloat16);

        for (int bits = 0; bits < 65536; bits++)
        {
            double expected = FromFields(bits, exponentBits: 8, fractionBits: 7);
            Assert.Equal(expected, doubles[bits]);
            Assert.Equal((float)expected, singles[bits]);
        }
    }

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
    public void Doubles_are_rounded_to_the_nearest_single_and_become_infinite_beyond_its_range()
    {
        double[] values = [1.0 / 3, 1e-50, -1e300, 1 + 1e-9];
        string path = _folder["narrow.safetensors"];
        SafetensorsWriter.WriteFile(path, [TensorContent.From("x", [4], values)]);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        float[] singles = new float[4];
        file.Read(file["x"], singles);

        Assert.Equal([1f / 3, 0f, float.NegativeInfinity, 1f], singles);
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

    // sign, biased exponent, fraction: (−1)^s · 2^(e − bias) · 1.f, subnormal 2^(1 − bias) · 0.f, all-ones exponent
    // infinite or NaN.
    private static double FromFields(int bits, int exponentBits, int fractionBits)
    {
        double sign = (bits >> 15) == 0 ? 1 : -1;
        int exponent = (bits >> fractionBits) & ((1 << exponentBits) - 1);
        double fraction = (bits & ((1 << fractionBits) - 1)) / Math.Pow(2, fractionBits);
        int bias = (1 << (exponentBits - 1)) - 1;
        if (exponent == (1 << exponentBits) - 1)
        {
            return fraction == 0 ? sign * double.PositiveInfinity : double.NaN;
        }

        return exponent == 0
            ? sign * fraction * Math.Pow(2, 1 - bias)
            : sign * (1 + fraction) * Math.Pow(2, exponent - bias);
    }

    private (double[] Doubles, float[] Singles) ReadAllPatterns(TensorType type)
    {
        ushort[] patterns = [.. Enumerable.Range(0, 65536).Select(i => (ushort)i)];
        string path = _folder["patterns.safetensors"];
        SafetensorsWriter.WriteFile(
            path,
            [TensorContent.FromBytes("x", type, [256, 256], MemoryMarshal.AsBytes(patterns.AsSpan()).ToArray())]
        );
        using SafetensorsFile file = SafetensorsFile.Open(path);
        double[] doubles = new double[patterns.Length];
        float[] singles = new float[patterns.Length];
        file.Read(file["x"], doubles);
        file.Read(file["x"], singles);
        return (doubles, singles);
    }
}
