namespace CurvatureMonitor.Derivatives.TorchScript.Archives;

/// <summary>An entry of a zip file whose place and sizes have been checked.</summary>
/// <param name="Name">Its name below the archive's top folder.</param>
/// <param name="Start">Where its bytes begin in the file.</param>
/// <param name="StoredSize">How many bytes it takes in the file.</param>
/// <param name="Size">How many bytes it holds.</param>
/// <param name="IsDeflated">Whether it is compressed.</param>
/// <param name="Checksum">CRC-32 of its content.</param>
internal readonly record struct ZipRecord(
    string Name,
    long Start,
    long StoredSize,
    long Size,
    bool IsDeflated,
    uint Checksum
);
