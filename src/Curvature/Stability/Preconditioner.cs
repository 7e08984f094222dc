namespace CurvatureMonitor.Curvature.Stability;

/// <summary>The diagonal P = s(√ν·r + ε) that an adaptive optimiser divides its step by, at one step.</summary>
/// <param name="Scale">s: what is left of bias corrections, and of a rate that decays.</param>
/// <param name="RootFactor">r: the bias correction of the second moments ν.</param>
/// <param name="Epsilon">ε.</param>
public sealed record Preconditioner(double Scale, double RootFactor, double Epsilon)
{
    /// <summary>P = (1 − β1ᵗ)(√(ν/(1 − β2ᵗ)) + ε): that of Adam.</summary>
    /// <param name="beta1">β1.</param>
    /// <param name="beta2">β2.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="step">t, counted from 1.</param>
    public static Preconditioner OfAdam(double beta1, double beta2, double epsilon, long step) =>
        new(1 - Math.Pow(beta1, step), 1 / Math.Sqrt(1 - Math.Pow(beta2, step)), epsilon);
}
