namespace CurvatureMonitor.Contracts.Models;

/// <summary>
/// What batch-norm layers normalise with while curvature is measured. No measurement changes the running statistics.
/// </summary>
public enum BatchNormMode
{
    /// <summary>
    /// Every micro-batch of the fixed order normalises itself (biased variance, differentiated through).
    /// </summary>
    Train = 0,

    /// <summary>The running statistics stored in the checkpoint.</summary>
    Eval = 1,

    /// <summary>
    /// Running statistics re-estimated on the whole sample set first: the evaluation mode of the Deep Curvature Suite.
    /// </summary>
    Recompute = 2,
}
