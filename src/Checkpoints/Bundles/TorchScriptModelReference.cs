namespace CurvatureMonitor.Checkpoints.Bundles;

/// <summary>A TorchScript file in the bundle.</summary>
/// <param name="File">Its name, relative to the bundle and inside it.</param>
public sealed record TorchScriptModelReference(string File) : ModelReference;
