using CurvatureMonitor.Storage.Safetensors;

namespace CurvatureMonitor.Storage.Tests.Safetensors;

/// <summary>Numbers that are written and read.</summary>
public sealed class SafetensorsPrecisionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Numbers_of_the_three_computing_types_survive_bit_for_bit()
    {
        double[] doubles = [0, -0.0, 1.0 / 3, double.MaxValue, double.Epsilon, double.NaN, double.NegativeInfinity];
        float[] singles = [0, -0f, 1f / 3, float.MaxValue, float.Epsilon, float.NaN, float.PositiveInfinity];
        long[] longs = [0, -1, long.MaxValue, long.MinValue, 1L << 53, (1L << 53) + 1, 7];
        string path = _folder["exact.safetensors"];
        SafetensorsWriter.WriteFile(
            path,
            [
                TensorContent.From("s", [7], singles),
                TensorContent.From("d", [1, 7], doubles),
                TensorContent.From("l", [7, 1], longs),
            ]
        );

        using SafetensorsFile file = SafetensorsFile.Open(path);
        double[] readDoubles = new double[7];
        float[] readSingles = new float[7];
        long[] readLongs = new long[7];
        file.Read(file["d"], readDoubles);
        file.Read(file["s"], readSingles);
        file.Read(file["l"], readLongs);

        Assert.Equal(
            doubles.Select(BitConverter.DoubleToInt64Bits),
            readDoubles.Select(BitConverter.DoubleToInt64Bits)
        );
        Assert.Equal(
            singles.Select(BitConverter.SingleToInt32Bits),
            readSingles.Select(BitConverter.SingleToInt32Bits)
        );
        Assert.Equal(longs, readLongs);
    }
}
