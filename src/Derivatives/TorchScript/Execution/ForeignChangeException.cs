namespace CurvatureMonitor.Derivatives.TorchScript.Execution;

/// <summary>
/// A program is about to change in place what belongs to the caller: the run starts again with copies of that.
/// </summary>
#pragma warning disable CA1064 // It never leaves the interpreter.
internal sealed class ForeignChangeException : Exception;
#pragma warning restore CA1064
