using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Curvature.Stability;

/// <summary>
/// An adaptive optimiser other than Adam at one step, its coefficients held where they are: it descends like momentum
/// on P^-½ H P^-½ with some constant over η as its limit.
/// </summary>
/// <param name="Kind">Its name as PyTorch spells it, in lower case.</param>
/// <param name="LearningRate">η.</param>
/// <param name="Constant">c of the limit c/η; null where theory gives none at this step.</param>
/// <param name="Of">Which sharpness the limit is of.</param>
/// <param name="Diagonal">P; null where the step is not known, or not divided.</param>
public sealed record AdaptiveSettings(
    string Kind,
    double LearningRate,
    double? Constant,
    StabilityKind Of,
    Preconditioner? Diagonal
) : OptimizerSettings(LearningRate)
{
    // Below, the variance of RAdam's adaptive rate is not defined, and its steps are not divided.
    private const double LeastLength = 5;

    /// <inheritdoc/>
    public override string Name => Kind;

    /// <inheritdoc/>
    public override Preconditioner? PreconditionerAt(long steps) => Diagonal;

    /// <summary>RMSprop: heavy ball on P^-½ H P^-½ with P = √ν + ε, so 2(1 + β)/η.</summary>
    internal static AdaptiveSettings RootMeanSquare(double rate, double momentum, double epsilon) =>
        new("rmsprop", rate, 2 * (1 + momentum), StabilityKind.Preconditioned, new Preconditioner(1, 1, epsilon));

    /// <summary>Adagrad: descent with η/(1 + (t − 1)d) on P^-½ H P^-½ with P = √Σg² + ε.</summary>
    internal static AdaptiveSettings SumOfSquares(double rate, double decay, double epsilon, long? step)
    {
        bool known = decay == 0 || step is >= 1;
        double scale = known && decay != 0 ? 1 + ((step!.Value - 1) * decay) : 1;
        return new AdaptiveSettings(
            "adagrad",
            rate,
            known ? 2 : null,
            StabilityKind.Preconditioned,
            known ? new Preconditioner(scale, 1, epsilon) : null
        );
    }

    /// <summary>
    /// NAdam: θ ← θ − η P⁻¹(a g + b m), m ← β1 m + (1 − β1) g, with a = (1 − μ_t)/(1 − Πμ) and b = μ_{t+1}/(1 − Πμ),
    /// the products to t and t + 1. An eigenvalue h of P^-½ H P^-½ puts an eigenvalue of this at −1 where
    /// η h = 2(1 + β1)/(a(1 + β1) + b(1 − β1)).
    /// </summary>
    internal static AdaptiveSettings Nesterov(
        double rate,
        double beta1,
        double beta2,
        double epsilon,
        double decay,
        long? step
    )
    {
        if (step is not { } t || t < 1)
        {
            return new AdaptiveSettings("nadam", rate, null, StabilityKind.Preconditioned, null);
        }

        double product = 1;
        for (long i = 1; i <= t && product > 1e-300; i++)
        {
            product *= Mu(i);
        }

        double next = Mu(t + 1);
        double a = (1 - Mu(t)) / (1 - product);
        double b = next / (1 - (product * next));
        return new AdaptiveSettings(
            "nadam",
            rate,
            2 * (1 + beta1) / ((a * (1 + beta1)) + (b * (1 - beta1))),
            StabilityKind.Preconditioned,
            Preconditioner.OfAdam(0, beta2, epsilon, t)
        );

        double Mu(long i) => beta1 * (1 - (0.5 * Math.Pow(0.96, i * decay)));
    }

    /// <summary>
    /// RAdam: Adam whose rate is multiplied by the rectification r_t where that is defined, and Adam without the
    /// division before: then the sharpness of the Hessian itself has the limit.
    /// </summary>
    internal static AdaptiveSettings Rectified(double rate, double beta1, double beta2, double epsilon, long? step)
    {
        if (step is not { } t || t < 1)
        {
            return new AdaptiveSettings("radam", rate, null, StabilityKind.Preconditioned, null);
        }

        double constant = (2 + (2 * beta1)) / (1 - beta1);
        double correction2 = 1 - Math.Pow(beta2, t);
        double longest = (2 / (1 - beta2)) - 1;
        double length = longest - (2 * t * (1 - correction2) / correction2);
        if (length <= LeastLength)
        {
            double scale = 1 - Math.Pow(beta1, t);
            return new AdaptiveSettings("radam", rate, constant * scale, StabilityKind.Full, null);
        }

        double rectification = Math.Sqrt(
            (length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length)
        );

        // Its ε is added before the bias correction, Adam's after.
        return new AdaptiveSettings(
            "radam",
            rate,
            constant / rectification,
            StabilityKind.Preconditioned,
            Preconditioner.OfAdam(beta1, beta2, epsilon / Math.Sqrt(correction2), t)
        );
    }
}
