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
