using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Derivatives.TorchScript.Syntax;

/// <summary>A place in a source text; lines and columns count from 1.</summary>
internal readonly record struct SourcePlace(string File, int Line, int Column)
{
    /// <summary>The error of a text that is no TorchScript, with this place in front.</summary>
    internal DerivativeException Error(string problem) =>
        new(DerivativeErrorKind.InvalidArgument, $"{this}: {problem}");

    /// <summary>The error of a program that nobody is to run.</summary>
    internal DerivativeException Refused(string problem) =>
        new(DerivativeErrorKind.InvalidArgument, $"{this}: {problem}") { IsFinal = true };

    /// <summary>The error of TorchScript that the interpreter does not know; libtorch's own may.</summary>
    internal DerivativeException Unsupported(string problem) =>
        new(DerivativeErrorKind.UnsupportedOperation, $"{this}: {problem}");

    /// <inheritdoc/>
    public override string ToString() => $"{File}, line {Line}, column {Column}";
}
