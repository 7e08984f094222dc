namespace CurvatureMonitor.Curvature.Spectra;

/// <summary>How far a subspace iteration goes.</summary>
public sealed record SubspaceIterationOptions
{
    /// <summary>C, how many eigenpairs; for a classifier the number of classes. 1 or more.</summary>
    public int Rank { get; init; } = 10;

    /// <summary>T, the most iterations; each costs C products. Papyan takes 128.</summary>
    public int Iterations { get; init; } = 128;

    /// <summary>Stop when every residual ‖Aq − θq‖ is at most this share of the largest |θ|.</summary>
    public double Tolerance { get; init; } = 1e-6;

    /// <summary>Seed of the start vectors.</summary>
    public long Seed { get; init; }
}
