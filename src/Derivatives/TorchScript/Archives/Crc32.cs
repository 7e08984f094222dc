using System.Buffers.Binary;

namespace CurvatureMonitor.Derivatives.TorchScript.Archives;

/// <summary>The checksum of zip files: CRC-32 with the reflected polynomial 0xEDB88320, eight bytes a step.</summary>
internal static class Crc32
{
    private const int Lanes = 8;
    private static readonly uint[] Table = MakeTable();

    /// <summary>The checksum of what came before with these bytes behind it; 0 is that of nothing.</summary>
    internal static uint Append(uint checksum, ReadOnlySpan<byte> bytes)
    {
        uint[] table = Table;
        uint crc = ~checksum;
        for (; bytes.Length >= Lanes; bytes = bytes[Lanes..])
        {
            uint low = crc ^ BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            uint high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc =
                table[(7 * 256) + (byte)low]
                ^ table[(6 * 256) + (byte)(low >> 8)]
                ^ table[(5 * 256) + (byte)(low >> 16)]
                ^ table[(4 * 256) + (byte)(low >> 24)]
                ^ table[(3 * 256) + (byte)high]
                ^ table[(2 * 256) + (byte)(high >> 8)]
                ^ table[256 + (byte)(high >> 16)]
                ^ table[(byte)(high >> 24)];
        }

        foreach (byte b in bytes)
        {
            crc = table[(byte)(crc ^ b)] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[Lanes * 256];
        for (uint i = 0; i < 256; i++)
        {
            uint crc = i;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
            }

            table[i] = crc;
        }

        for (int i = 256; i < table.Length; i++)
        {
            uint before = table[i - 256];
            table[i] = table[(byte)before] ^ (before >> 8);
        }

        return table;
    }
}
