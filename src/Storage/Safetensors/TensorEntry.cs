namespace CurvatureMonitor.Storage.Safetensors;

/// <summary>A tensor of a safetensors file, as its checked header describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its element type.</param>
/// <param name="Shape">Its shape; empty for a scalar.</param>
/// <param name="Begin">Where its bytes begin, counted from the end of the header.</param>
/// <param name="End">Where they end: End − Begin = Count · size of an element.</param>
public sealed record TensorEntry(string Name, TensorType Type, IReadOnlyList<long> Shape, long Begin, long End)
{
    /// <summary>The number of elements, the product of the shape.</summary>
    public long Count => (End - Begin) / Type.Size();

    /// <summary>The shape as people write it, <c>[6, 1, 3, 3]</c>.</summary>
    public string ShapeText => Text(Shape);

    /// <summary>A shape as people write it.</summary>
    internal static string Text(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";
}
