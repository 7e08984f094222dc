using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.TorchScript.Execution;
using CurvatureMonitor.Derivatives.TorchScript.Syntax;

namespace CurvatureMonitor.Derivatives.TorchScript.Programs;

/// <summary>Stands for a function that could not be compiled: an error if it is called.</summary>
internal sealed class FailureInstruction(SourcePlace place, DerivativeException failure) : Instruction(place)
{
    /// <inheritdoc/>
    internal override Flow Execute(Frame frame) => throw new DerivativeException(failure.Kind, failure.Message);
}
