namespace CurvatureMonitor.Storage.Checkpoints;

/// <summary>The parts of a checkpoint's numbers, in their order.</summary>
public enum CheckpointPart
{
    /// <summary>θ, P numbers.</summary>
    Parameters = 0,

    /// <summary>The model's floating-point buffers.</summary>
    Buffers = 1,

    /// <summary>Adam's ν, P numbers.</summary>
    SecondMoments = 2,
}
