using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.TorchScript.Archives;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Operations;

/// <summary>A compiled function of a generic call.</summary>
/// <param name="Unit">Has it, under the name <c>call</c>.</param>
/// <param name="TypePlaces">Which of the call's values are numbers of element types.</param>
internal sealed record GenericFunction(jit.CompilationUnit Unit, int[] TypePlaces)
{
    /// <summary>Refuses numbers that are no element type's, which libtorch would not.</summary>
    /// <param name="values">The values of a call.</param>
    /// <exception cref="DerivativeException">One is none.</exception>
    internal void Check(object?[] values)
    {
        foreach (int place in TypePlaces)
        {
            if (values[place] is long code)
            {
                _ = ElementTypes.FromCode(code);
            }
        }
    }
}
