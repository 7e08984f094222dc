using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Archives;

/// <summary>A storage that a pickle refers to; its bytes are an entry of the file.</summary>
/// <param name="Key">Its name in the folder of storages.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Count">Its number of elements.</param>
internal sealed record StorageReference(string Key, ScalarType Type, long Count);
