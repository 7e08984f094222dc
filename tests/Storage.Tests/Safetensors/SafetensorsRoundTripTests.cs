using System.Buffers.Binary;
using System.Text.Json;
using CurvatureMonitor.Storage.Safetensors;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Storage.Tests.Safetensors;

public sealed class SafetensorsRoundTripTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Whatever_is_written_is_read_back()
    {
        Gen<TensorContent[]> tensors = Gen.Choose(0, 6)
            .SelectMany(count => Gen.CollectToArray(Enumerable.Range(0, count).Select(Tensor)));
        Prop.ForAll(tensors.ToArbitrary(), contents =>
            {
                string path = _folder["round.safetensors"];
                SafetensorsWriter.WriteFile(
                    path,
                    contents,
                    new Dictionary<string, string> { ["made \"by\"\n"] = "tëst" }
                );
                using SafetensorsFile file = SafetensorsFile.Open(path);
                Assert.Equal("tëst", file.Metadata["made \"by\"\n"]);
                Assert.Equal(
                    contents.Select(c => c.Name).Order(StringComparer.Ordinal),
                    file.Tensors.Select(t => t.Name).Order(StringComparer.Ordinal)
                );
                foreach (TensorContent content in contents)
                {
                    TensorEntry tensor = file[content.Name];
                    Assert.Equal(content.Type, tensor.Type);
                    Assert.Equal(content.Shape, tensor.Shape);
                    Assert.Equal(Bytes(content), BytesOnDisk(path, tensor));
                }
            })
            .QuickCheckThrowOnFailure();
    }

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

    [Fact]
    public void The_file_has_the_layout_that_the_format_prescribes_and_its_tensors_lie_aligned()
    {
        string path = _folder["layout.safetensors"];
        SafetensorsWriter.WriteFile(
            path,
            [
                TensorContent.FromBytes("flags", TensorType.Bool, [3], new byte[] { 1, 0, 1 }),
                TensorContent.From("single", [2], new float[] { 1, 2 }),
                TensorContent.From("double", [], new double[] { 5 }),
            ]
        );

        byte[] bytes = File.ReadAllBytes(path);
        long length = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        using JsonDocument header = JsonDocument.Parse(bytes.AsMemory(8, (int)length));
        Assert.Equal(0, length % 8);
        Assert.Equal((byte)'{', bytes[8]);
        Assert.Equal(
            """{"dtype":"F64","shape":[],"data_offsets":[0,8]}""",
            header.RootElement.GetProperty("double").GetRawText()
        );
        Assert.Equal(
            """{"dtype":"F32","shape":[2],"data_offsets":[8,16]}""",
            header.RootElement.GetProperty("single").GetRawText()
        );
        Assert.Equal(
            """{"dtype":"BOOL","shape":[3],"data_offsets":[16,19]}""",
            header.RootElement.GetProperty("flags").GetRawText()
        );
        Assert.Equal(8 + length + 19, bytes.Length);
        Assert.Equal(5.0, BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(8 + (int)length)));
        Assert.Equal(2f, BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(8 + (int)length + 12)));
    }

    [Fact]
    public void A_tensor_longer_than_the_conversion_buffer_is_read_whole()
    {
        float[] values = [.. Enumerable.Range(0, 100_003).Select(i => i * 0.5f)];
        string path = _folder["long.safetensors"];
        SafetensorsWriter.WriteFile(path, [TensorContent.From("x", [100_003], values)]);

        using SafetensorsFile file = SafetensorsFile.Open(path);
        double[] read = new double[values.Length];
        file.Read(file["x"], read);

        Assert.Equal(values.Select(value => (double)value), read);
    }

    [Fact]
    public void A_name_given_twice_or_reserved_is_not_written()
    {
        TensorContent one = TensorContent.From("a", [1], new float[] { 1 });
        TensorContent reserved = TensorContent.From("__metadata__", [1], new float[] { 1 });

        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(Stream.Null, [one, one]));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(Stream.Null, [reserved]));
        Assert.Throws<ArgumentException>(() => TensorContent.From("a", [2], new float[] { 1 }));
    }

    [Fact]
    public void A_write_that_fails_leaves_the_earlier_file_and_nothing_else()
    {
        string path = _folder["kept.safetensors"];
        TensorContent one = TensorContent.From("a", [1], new float[] { 1 });
        SafetensorsWriter.WriteFile(path, [one]);
        byte[] before = File.ReadAllBytes(path);

        Assert.Throws<ArgumentException>(() => SafetensorsWriter.WriteFile(path, [one, one]));

        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
        BundleAssert.Refused(
            _folder["absent"],
            () => SafetensorsWriter.WriteFile(_folder["absent/x.safetensors"], [one]),
            "cannot be written"
        );
    }

    private static Gen<TensorContent> Tensor(int number) =>
        from type in Gen.Elements(Enum.GetValues<TensorType>())
        from rank in Gen.Choose(0, 4)
        from shape in Gen.Choose(0, 4).Select(extent => (long)extent).ArrayOf(rank)
        from bytes in Gen.Choose(0, 255)
            .Select(value => (byte)value)
            .ArrayOf((int)shape.Aggregate((long)type.Size(), (a, b) => a * b))
        from suffix in Gen.Elements("weight", "bias \"q\"", "gewïcht/7", "\t", "日本")
        select TensorContent.FromBytes($"layer{number}.{suffix}", type, shape, bytes);

    private static byte[] Bytes(TensorContent content)
    {
        using var stream = new MemoryStream();
        content.WriteTo(stream);
        return stream.ToArray();
    }

    private static byte[] BytesOnDisk(string path, TensorEntry tensor)
    {
        byte[] all = File.ReadAllBytes(path);
        int start = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(all);
        return all[(start + (int)tensor.Begin)..(start + (int)tensor.End)];
    }
}
