namespace CurvatureMonitor.Derivatives.TorchScript.Syntax;

/// <summary>The value of <c>...</c> in a subscript.</summary>
internal sealed class Ellipsis
{
    private Ellipsis() { }

    /// <summary>The only one.</summary>
    internal static Ellipsis Value { get; } = new();
}
