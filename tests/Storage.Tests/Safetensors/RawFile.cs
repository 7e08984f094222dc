using System.Buffers.Binary;
using System.Text;

namespace CurvatureMonitor.Storage.Tests.Safetensors;

/// <summary>Files written byte by byte, without the writer under test.</summary>
internal static class RawFile
{
    public static byte[] Make(string header, params byte[] data) => Make(Encoding.UTF8.GetBytes(header), data);

    public static byte[] Make(byte[] header, params byte[] data) => [.. Length(header.Length), .. header, .. data];

    public static byte[] Length(long length)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, length);
        return bytes;
    }
}
