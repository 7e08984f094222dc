using System.Buffers.Binary;
using CurvatureMonitor.Storage.Safetensors;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Storage.Tests.Safetensors;

/// <summary>Tensors to write.</summary>
internal static class WrittenTensors
{
    public static Gen<TensorContent> Tensor(int number) =>
        from type in Gen.Elements(Enum.GetValues<TensorType>())
        from rank in Gen.Choose(0, 4)
        from shape in Gen.Choose(0, 4).Select(extent => (long)extent).ArrayOf(rank)
        from bytes in Gen.Choose(0, 255)
            .Select(value => (byte)value)
            .ArrayOf((int)shape.Aggregate((long)type.Size(), (a, b) => a * b))
        from suffix in Gen.Elements("weight", "bias \"q\"", "gewïcht/7", "\t", "日本")
        select TensorContent.FromBytes($"layer{number}.{suffix}", type, shape, bytes);

    public static byte[] Bytes(TensorContent content)
    {
        using var stream = new MemoryStream();
        content.WriteTo(stream);
        return stream.ToArray();
    }

    public static byte[] BytesOnDisk(string path, TensorEntry tensor)
    {
        byte[] all = File.ReadAllBytes(path);
        int start = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(all);
        return all[(start + (int)tensor.Begin)..(start + (int)tensor.End)];
    }
}
