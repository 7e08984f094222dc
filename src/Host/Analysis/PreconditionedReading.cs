using CurvatureMonitor.Host.Http;

namespace CurvatureMonitor.Host.Analysis;

/// <summary>λ_max of P^-½ A P^-½ with Adam's P.</summary>
internal sealed record PreconditionedReading
{
    /// <summary>λ_max.</summary>
    public double? LambdaMax
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>Residual bound of <see cref="LambdaMax"/>.</summary>
    public double? LambdaMaxResidual
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>Whether it reached its tolerance.</summary>
    public bool? Converged { get; init; }

    /// <summary>t of Adam's bias corrections.</summary>
    public long? OptimizerStep { get; init; }

    /// <summary>Beside Adam's limit; of the Hessian alone.</summary>
    public StabilityReading? Stability { get; init; }
}
