namespace CurvatureMonitor.Derivatives.TorchScript.Execution;

/// <summary>What a variable, an attribute or an argument holds that has no value.</summary>
internal sealed class Unset
{
    private Unset() { }

    /// <summary>The only one.</summary>
    internal static Unset Value { get; } = new();
}
