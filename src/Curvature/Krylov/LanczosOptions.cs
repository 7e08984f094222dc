namespace CurvatureMonitor.Curvature.Krylov;

/// <summary>How far a Lanczos run goes.</summary>
public sealed record LanczosOptions
{
    /// <summary>
    /// m, the number of steps and of products; at most the dimension of the operator are taken. The basis needs m·P
    /// numbers.
    /// </summary>
    public int Steps { get; init; } = 50;

    /// <summary>
    /// β_j at or below this share of ‖T‖ counts as zero: the subspace is invariant to rounding. Null means 100 units of
    /// rounding of the element type (1.2e-5 in float32, 2.2e-14 in float64), which is what products of real networks
    /// are accurate to.
    /// </summary>
    public double? BreakdownTolerance { get; init; }

    /// <summary>
    /// Bytes that the basis may take on the device. A larger one lies in host memory, where every step is slower;
    /// results are the same but for rounding. It means nothing where the device is the host: there, a basis that does
    /// not fit calls for fewer steps or for <see cref="FastLanczos"/>.
    /// </summary>
    public long DeviceBytes { get; init; } = long.MaxValue;
}
