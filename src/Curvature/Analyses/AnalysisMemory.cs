using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Curvature.Krylov;

namespace CurvatureMonitor.Curvature.Analyses;

/// <summary>
/// The vectors of a run's last checkpoint: what a sharpness starts from, what tracking compares with. For one thread.
/// </summary>
public sealed class AnalysisMemory : IDisposable
{
    // Only for the sharpness, whose converged value does not depend on the start beyond its error bar. A spectrum does,
    // and must not depend on what was measured before.
    private readonly Dictionary<OperatorKind, WarmStart> _warmStarts = [];
    private readonly Dictionary<OperatorKind, TrackedEigenvectors> _tracked = [];

    private AnalysisMemory? _exact;

    /// <summary>The vectors of the same checkpoints without the program's casts to types of less precision.</summary>
    internal AnalysisMemory Exact => _exact ??= new AnalysisMemory();

    /// <summary>Whether eigenvectors are kept that other checkpoints can be compared with.</summary>
    public bool HasTracked => _tracked.Count > 0;

    /// <summary>Frees the vectors.</summary>
    public void Dispose()
    {
        foreach (var warmStart in _warmStarts.Values)
        {
            warmStart.Dispose();
        }

        foreach (var tracked in _tracked.Values)
        {
            tracked.Dispose();
        }

        _exact?.Dispose();
        _exact = null;
        _warmStarts.Clear();
        _tracked.Clear();
    }

    /// <summary>The warm start of one operator; empty at first.</summary>
    internal WarmStart WarmStart(OperatorKind kind) =>
        _warmStarts.TryGetValue(kind, out var start) ? start : _warmStarts[kind] = new WarmStart();

    /// <summary>The eigenvectors of one operator that are kept; null before there are any.</summary>
    internal TrackedEigenvectors? Tracked(OperatorKind kind) => _tracked.GetValueOrDefault(kind);

    /// <summary>Keeps eigenvectors in place of those before.</summary>
    internal void Track(OperatorKind kind, TrackedEigenvectors tracked)
    {
        Tracked(kind)?.Dispose();
        _tracked[kind] = tracked;
    }
}
