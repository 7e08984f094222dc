namespace CurvatureMonitor.Host.Configuration;

/// <summary>The part of the configuration that a class of options binds to.</summary>
/// <param name="name">The key of the part in <c>curvature.json</c>.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class SectionAttribute(string name) : Attribute
{
    /// <summary>The key of the part in <c>curvature.json</c>.</summary>
    internal string Name { get; } = name;
}
