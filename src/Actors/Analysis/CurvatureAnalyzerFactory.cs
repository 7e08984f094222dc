namespace CurvatureMonitor.Actors.Analysis;

/// <summary>Analyzers that measure: the real ones.</summary>
/// <param name="time">The clock that costs are measured with.</param>
public sealed class CurvatureAnalyzerFactory(TimeProvider time) : ICheckpointAnalyzerFactory
{
    /// <inheritdoc/>
    public ICheckpointAnalyzer Create(RunProbe probe)
    {
        ArgumentNullException.ThrowIfNull(probe);
        return new LinearizationAnalyzer(probe, time);
    }
}
