using CurvatureMonitor.Curvature.Krylov;

namespace CurvatureMonitor.Curvature.Analyses;

/// <summary>Ignores every notification.</summary>
public sealed class SilentProgress : IAnalysisProgress
{
    private SilentProgress() { }

    /// <summary>The only instance.</summary>
    public static SilentProgress Instance { get; } = new();

    /// <inheritdoc/>
    public void Begin(string part) { }

    /// <inheritdoc/>
    public void Note(string text) { }

    /// <inheritdoc/>
    public void Report(LanczosProgress value) { }
}
