namespace CurvatureMonitor.Metrics;

/// <summary>
/// What was measured of one operator at one checkpoint. It replaces the operator's previous sample as a whole, so that all values shown belong to the same
/// checkpoint; what is null is not exposed.
/// </summary>
/// <param name="Operator">The operator: <c>hessian</c>, <c>ggn</c> or <c>residual</c>.</param>
/// <param name="Step">The step of the checkpoint.</param>
public sealed record OperatorSample(string Operator, long Step)
{
    /// <summary>When the measurement was finished; now when null.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>Largest Ritz value.</summary>
    public double? LambdaMax { get; init; }

    /// <summary>Residual bound of the largest Ritz value.</summary>
    public double? LambdaMaxResidual { get; init; }

    /// <summary>Smallest Ritz value.</summary>
    public double? LambdaMin { get; init; }

    /// <summary>Residual bound of the smallest Ritz value.</summary>
    public double? LambdaMinResidual { get; init; }

    /// <summary>Top eigenvalues, largest first; the first <see cref="CurvatureMetrics.MaxRanks"/> are exposed.</summary>
    public IReadOnlyList<double> Eigenvalues { get; init; } = [];

    /// <summary>The spectrum, shown as counts on <see cref="EigenvalueGrid"/>.</summary>
    public SpectralCounts? Spectrum { get; init; }

    /// <summary>What the spectrum says in numbers; null where no spectrum was measured.</summary>
    public SpectrumShape? Shape { get; init; }
}
