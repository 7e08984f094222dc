namespace CurvatureMonitor.Curvature.Stability;

/// <summary>What the stability limit of an optimiser depends on, at one step.</summary>
/// <param name="LearningRate">η at that step. Zero (during a warm-up, say) has no limit; it is not an error.</param>
public abstract record OptimizerSettings(double LearningRate)
{
    /// <summary>The optimiser's name as PyTorch spells it, in lower case.</summary>
    public abstract string Name { get; }

    private protected static double Decay(double value, string name) =>
        value is >= 0 and < 1
            ? value
            : throw new ArgumentOutOfRangeException(name, value, "a decay rate lies in [0, 1)");
}
