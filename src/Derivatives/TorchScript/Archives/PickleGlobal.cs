namespace CurvatureMonitor.Derivatives.TorchScript.Archives;

/// <summary>A name that a pickle refers to, one of <see cref="PickleGlobals"/>; nothing is behind it.</summary>
/// <param name="Name">Module and name, joined by a dot.</param>
internal sealed record PickleGlobal(string Name)
{
    /// <summary>Whether it is a class of the archive's own code.</summary>
    internal bool IsScriptClass => Name.StartsWith(PickleGlobals.ScriptPrefix, StringComparison.Ordinal);
}
