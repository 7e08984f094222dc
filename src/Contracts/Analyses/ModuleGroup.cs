using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Contracts.Analyses;

/// <summary>The parameters of a module, or of several that one pattern names.</summary>
/// <param name="Name">The module's path in the model, or the pattern.</param>
/// <param name="Tensors">Which of the model's parameter tensors it has, counted from 0, in the model's order.</param>
/// <param name="Parameters">How many numbers they are.</param>
public sealed record ModuleGroup(string Name, IReadOnlyList<int> Tensors, long Parameters)
{
    /// <summary>The group of some tensors.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="tensors">Which tensors.</param>
    /// <param name="parameters">The parameters of the model.</param>
    internal static ModuleGroup Of(string name, IReadOnlyList<int> tensors, IReadOnlyList<TensorSlot> parameters) =>
        new(name, tensors, tensors.Sum(tensor => parameters[tensor].Count));
}
