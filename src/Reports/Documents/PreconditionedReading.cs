using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Reports.Runs;

namespace CurvatureMonitor.Reports.Documents;

/// <summary>λ_max of P^-½ A P^-½ with the optimiser's P, or of D^½ A D^½ with the groups' learning rates.</summary>
internal sealed record PreconditionedReading
{
    /// <summary>λ_max.</summary>
    public double? LambdaMax { get; init; }

    /// <summary>Residual bound of <see cref="LambdaMax"/>.</summary>
    public double? LambdaMaxResidual { get; init; }

    /// <summary>Whether it reached its tolerance.</summary>
    public bool? Converged { get; init; }

    /// <summary>t of the optimiser's bias corrections.</summary>
    public long? OptimizerStep { get; init; }

    /// <summary>Beside the optimiser's limit; of the Hessian alone.</summary>
    public StabilityReading? Stability { get; init; }

    internal static PreconditionedReading Of(PreconditionedSharpnessMeasurement measured) =>
        new()
        {
            LambdaMax = measured.Sharpness.Value,
            LambdaMaxResidual = measured.Sharpness.Error,
            Converged = measured.Converged,
        };
}
