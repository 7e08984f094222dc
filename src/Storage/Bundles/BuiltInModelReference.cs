namespace CurvatureMonitor.Storage.Bundles;

/// <summary>A model that ships with the program.</summary>
/// <param name="Name">Its name, e.g. <c>lenet</c>.</param>
/// <param name="Arguments">Its arguments, each as text.</param>
public sealed record BuiltInModelReference(string Name, IReadOnlyDictionary<string, string> Arguments) : ModelReference
{
    /// <summary>Equal where name and arguments are.</summary>
    public bool Equals(BuiltInModelReference? other) =>
        other is not null
        && Name == other.Name
        && Arguments.Count == other.Arguments.Count
        && Arguments.All(argument =>
            other.Arguments.TryGetValue(argument.Key, out string? value) && value == argument.Value
        );

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Arguments.Count);
}
