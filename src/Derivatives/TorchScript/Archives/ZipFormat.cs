namespace CurvatureMonitor.Derivatives.TorchScript.Archives;

/// <summary>Signatures and sizes of the zip format (APPNOTE 6.3), as far as TorchScript files use it.</summary>
internal static class ZipFormat
{
    internal const uint LocalSignature = 0x04034b50;
    internal const uint CentralSignature = 0x02014b50;
    internal const uint EndSignature = 0x06054b50;
    internal const uint Zip64EndSignature = 0x06064b50;
    internal const uint Zip64LocatorSignature = 0x07064b50;

    internal const int LocalSize = 30;
    internal const int CentralSize = 46;
    internal const int EndSize = 22;
    internal const int Zip64EndSize = 56;
    internal const int Zip64LocatorSize = 20;

    internal const ushort Zip64Extra = 1;
    internal const ushort Utf8Flag = 0x0800;

    /// <summary>Encryption of three kinds and patches.</summary>
    internal const int RefusedFlags = 0x2061;

    internal const int Stored = 0;
    internal const int Deflated = 8;

    /// <summary>PyTorch aligns every entry's bytes to this.</summary>
    internal const int Alignment = 64;

    /// <summary>The extra field that PyTorch pads with: 'FB'.</summary>
    internal const ushort PaddingExtra = 0x4246;
}
