using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Archives;

/// <summary>A storage that has been read.</summary>
/// <param name="Owner">The tensor whose memory it is.</param>
/// <param name="Reference">What the pickle said of it.</param>
internal sealed record LoadedStorage(Tensor Owner, StorageReference Reference)
{
    /// <summary>Bytes that tensors on it may show before they count against the file's share.</summary>
    internal long FreeBytes { get; set; } = Reference.Count * ElementTypes.SizeOf(Reference.Type);

    /// <summary>The tensors on it by their place, so that two equal ones are one.</summary>
    internal Dictionary<string, Tensor> Views { get; } = new(StringComparer.Ordinal);
}
