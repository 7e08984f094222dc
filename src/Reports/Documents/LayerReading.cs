namespace CurvatureMonitor.Reports.Documents;

/// <summary>The diagonal block of one parameter tensor.</summary>
internal sealed record LayerReading
{
    /// <summary>tr A_ll.</summary>
    public double? Trace { get; init; }

    /// <summary>Standard error of <see cref="Trace"/>.</summary>
    public double? TraceStderr { get; init; }

    /// <summary>λ_max of A_ll.</summary>
    public double? LambdaMax { get; init; }

    /// <summary>Bound on its distance to an eigenvalue of A_ll.</summary>
    public double? LambdaMaxResidual { get; init; }
}
