using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Errors;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Programs;

/// <summary>Which parameters of a model are trained.</summary>
internal static class TrainedParameters
{
    /// <summary>Whether each parameter is among the names; null where all are trained.</summary>
    /// <exception cref="DerivativeException">A name is no parameter's, or there is none.</exception>
    internal static IReadOnlyList<bool>? Among(
        IReadOnlyList<TensorSlot> parameters,
        IReadOnlyCollection<string>? trained
    )
    {
        if (trained is null)
        {
            return null;
        }

        var wanted = trained.ToHashSet(StringComparer.Ordinal);
        bool[] isTrained = [.. parameters.Select(slot => slot.Names().Any(wanted.Contains))];
        wanted.ExceptWith(parameters.SelectMany(slot => slot.Names()));
        return wanted.Count > 0
                ? throw Arguments.Invalid(
                    $"'{wanted.Order(StringComparer.Ordinal).First()}' is to be trained, but is no parameter of the "
                        + "model"
                )
            : isTrained.Contains(true) ? isTrained
            : throw Arguments.Invalid("no parameter of the model is trained");
    }

    /// <summary>Values in the order of a pass that knows the trained ones alone as parameters.</summary>
    internal static (IReadOnlyList<Tensor> Parameters, IReadOnlyList<Tensor> Buffers) Arranged(
        IReadOnlyList<Tensor> parameters,
        IReadOnlyList<Tensor> buffers,
        IReadOnlyList<bool>? isTrained
    ) =>
        isTrained is null
            ? (parameters, buffers)
            :
            (
                [.. parameters.Where((_, i) => isTrained[i])],
                [.. buffers, .. parameters.Where((_, i) => !isTrained[i])]
            );
}
