namespace CurvatureMonitor.Metrics.Tests.Support;

internal sealed class ParsedFamily(string name)
{
    public string Name { get; } = name;

    public string? Type { get; set; }

    public string? Unit { get; set; }

    public string? Help { get; set; }

    public List<Sample> Samples { get; } = [];
}
