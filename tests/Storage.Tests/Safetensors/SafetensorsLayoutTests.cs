using System.Buffers.Binary;
using System.Text.Json;
using CurvatureMonitor.Storage.Safetensors;

namespace CurvatureMonitor.Storage.Tests.Safetensors;

/// <summary>The layout of a file.</summary>
public sealed class SafetensorsLayoutTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

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
}
