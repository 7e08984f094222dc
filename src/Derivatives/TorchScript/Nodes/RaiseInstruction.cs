using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Nodes;

/// <summary><c>raise</c>, and an <c>assert</c> whose condition does not hold.</summary>
internal sealed class RaiseInstruction(SourcePlace place, Node? condition, Node? message) : Instruction(place)
{
    /// <inheritdoc/>
    internal override Flow Execute(Frame frame) =>
        condition?.IsTrue(frame) == true
            ? Flow.Next
            : throw Error(Place, message?.Evaluate(frame) ?? "an assertion does not hold");

    /// <summary>The error that a model raises.</summary>
    internal static DerivativeException Error(SourcePlace place, object? message) =>
        place.Error($"the model raises: {Values.Text(message).ReplaceLineEndings(" ")}");
}
