namespace CurvatureMonitor.Contracts.Measurements;

/// <summary>The result of one analysis of one operator at one θ.</summary>
/// <param name="Provenance">How it was made.</param>
/// <param name="Cost">What it cost.</param>
public abstract record Measurement(Provenance Provenance, MeasurementCost Cost)
{
    /// <summary>The name of the analysis, as in metrics and command lines.</summary>
    public abstract string Analysis { get; }

    /// <summary>The largest eigenvalue of the operator.</summary>
    public abstract Estimate? LambdaMax { get; }

    /// <summary>The smallest eigenvalue of the operator.</summary>
    public abstract Estimate? LambdaMin { get; }
}
