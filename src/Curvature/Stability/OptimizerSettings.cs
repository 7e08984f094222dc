namespace CurvatureMonitor.Curvature.Stability;

/// <summary>What the stability limit of an optimiser depends on, at one step.</summary>
/// <param name="LearningRate">η at that step. Zero (during a warm-up, say) has no limit; it is not an error.</param>
public abstract record OptimizerSettings(double LearningRate)
{
    /// <summary>The optimiser's name as PyTorch spells it, in lower case.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// The diagonal that steps are divided by; null where they are not, or where it is not known.
    /// </summary>
    /// <param name="steps">t, the steps of the optimiser, counted from 1.</param>
    public virtual Preconditioner? PreconditionerAt(long steps) => null;

    private protected static double Decay(double value, string name) =>
        value is >= 0 and < 1
            ? value
            : throw new ArgumentOutOfRangeException(name, value, "a decay rate lies in [0, 1)");
}
