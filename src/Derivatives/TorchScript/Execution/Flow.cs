namespace CurvatureMonitor.Derivatives.TorchScript.Execution;

/// <summary>Where a function continues after a statement.</summary>
internal enum Flow
{
    Next,
    Break,
    Continue,
    Return,
}
