namespace CurvatureMonitor.Host.Http;

/// <summary>How the top eigenvectors lie to those of the checkpoint tracked before, and to the gradient.</summary>
internal sealed record TrackingPoint
{
    /// <summary>(vᵢᵀuᵢ)² by rank; absent where nothing was tracked before.</summary>
    public IReadOnlyList<double>? Overlaps
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>Overlap of the two eigenspaces.</summary>
    public double? SubspaceOverlap
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>Share of ‖g‖² in the top eigenspace.</summary>
    public double? GradientAlignment
    {
        get;
        init => field = Finite.OrNull(value);
    }
}
