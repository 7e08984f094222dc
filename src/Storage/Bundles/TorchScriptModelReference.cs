namespace CurvatureMonitor.Storage.Bundles;

/// <summary>A TorchScript file in the bundle.</summary>
/// <param name="File">Its name, relative to the bundle and inside it.</param>
public sealed record TorchScriptModelReference(string File) : ModelReference
{
    /// <summary>
    /// Whether a name stays inside the bundle. A bundle may come from a stranger: its files are its own, and no path
    /// leads out of it.
    /// </summary>
    internal static bool IsInside(string file) =>
        file.Length > 0
        && !file.Contains('\\', StringComparison.Ordinal)
        && !file.Contains(':', StringComparison.Ordinal)
        && !file.Any(char.IsControl)
        && file.Split('/').All(part => part is not ("" or "." or ".."));
}
