namespace CurvatureMonitor.Contracts.Models;

/// <summary>
/// What a measurement does with a program's casts to types of less precision than that which is computed in: those of
/// autocast in its forward, and those written by hand.
/// </summary>
public enum AutocastMode
{
    /// <summary>They are done without: the curvature is that of the function that the rounding stands for.</summary>
    Off = 0,

    /// <summary>They are made as the program says, and error bars cover what they round.</summary>
    Keep = 1,
}
