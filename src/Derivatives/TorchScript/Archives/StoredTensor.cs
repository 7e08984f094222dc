namespace CurvatureMonitor.Derivatives.TorchScript.Archives;

/// <summary>A tensor as the writer stores it.</summary>
/// <param name="Storage">Which storage it is on, and that storage's extent.</param>
/// <param name="Place">Where it stands there.</param>
internal sealed record StoredTensor(StorageReference Storage, TensorPlace Place);
