using System.Text.Json;
using CurvatureMonitor.Reports.Arrays;

namespace CurvatureMonitor.Reports.Tests.Arrays;

/// <summary>Documents as arrays, and arrays as files.</summary>
public sealed class NpyArrayTests
{
    [Fact]
    public void What_is_nested_again_is_what_was_flattened()
    {
        const string Text =
            """{"run":"a","step":3,"loss":0.5,"operators":"""
            + """{"ggn":{"eigenvalues":[3,0.1],"converged":false,"layers":{"fc.weight":{"trace":-1E-20}}}}}""";
        using var stream = new MemoryStream();
        NpzFile.Write(stream, JsonArrays.Flatten(JsonDocument.Parse(Text).RootElement));
        stream.Position = 0;
        Assert.Equal(Text, JsonArrays.Nest(NpzFile.Read(stream)).ToJsonString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100000)]
    public void The_data_of_an_array_begin_at_a_multiple_of_64_bytes(int length)
    {
        using var stream = new MemoryStream();
        NpyArray.Of(new double[length]).Write(stream);
        Assert.Equal(0, (stream.Length - (8 * length)) % 64);
        Assert.Equal(new double[length], NpyArray.Read(stream.ToArray()).Value);
    }

    [Fact]
    public void A_truncated_array_is_refused()
    {
        using var stream = new MemoryStream();
        NpyArray.Of([1.0, 2.0]).Write(stream);
        byte[] bytes = stream.ToArray();
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => NpyArray.Read(bytes.AsSpan(0, length)));
        }
    }
}
