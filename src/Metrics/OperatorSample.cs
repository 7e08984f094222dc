using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Metrics;

/// <summary>
/// What one analysis measured of one operator at one checkpoint. The ends of the spectrum replace those shown before as
/// a whole, so that they belong to the same checkpoint: an end that is null is not exposed. Ranks and spectrum are
/// measured by fewer analyses: where they are null, those last measured stay.
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

    /// <summary>
    /// Top eigenvalues, largest first; the first <see cref="CurvatureMetrics.MaxRanks"/> are exposed, and replace all
    /// that were. Null leaves them as they are.
    /// </summary>
    public IReadOnlyList<double>? Eigenvalues { get; init; }

    /// <summary>
    /// The spectrum, shown as counts on <see cref="EigenvalueGrid"/>; null leaves spectrum and shape as they are.
    /// </summary>
    public SpectralCounts? Spectrum { get; init; }

    /// <summary>What <see cref="Spectrum"/> says in numbers; looked at together with it alone.</summary>
    public SpectrumShape? Shape { get; init; }
}
