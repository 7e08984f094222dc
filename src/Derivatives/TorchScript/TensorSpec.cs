namespace CurvatureMonitor.Derivatives.TorchScript;

/// <summary>A tensor that a model is to have.</summary>
/// <param name="Name">Its name; a dot makes a submodule, as in <c>conv1.weight</c>.</param>
/// <param name="Shape">Its shape.</param>
public sealed record TensorSpec(string Name, IReadOnlyList<long> Shape)
{
    /// <summary>The product of the shape.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => checked(product * size));
}
