using System.Globalization;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Reports.Runs;

/// <summary>How much an operator differs between samples, and what theory makes of it.</summary>
internal sealed record VariancePoint
{
    /// <summary>Summed over all entries.</summary>
    public double? Isotropic { get; init; }

    /// <summary>Standard error of <see cref="Isotropic"/>.</summary>
    public double? IsotropicStderr { get; init; }

    /// <summary>Along the top eigenvector.</summary>
    public double? Top { get; init; }

    /// <summary>Standard error of <see cref="Top"/>.</summary>
    public double? TopStderr { get; init; }

    /// <summary>By batch size, the largest eigenvalue that theory predicts on a batch.</summary>
    public IReadOnlyDictionary<string, double>? PredictedLambdaMax { get; init; }

    /// <summary>The least damping; of the Hessian alone.</summary>
    public double? DampingMinimum { get; init; }

    /// <summary>The learning rate at which a training batch reaches the limit; of the Hessian alone.</summary>
    public double? LearningRateMaximum { get; init; }

    internal static VariancePoint Of(VarianceMeasurement variance, MiniBatchOutlook? outlook)
    {
        var top = variance.Directional.Count > 0 ? variance.Directional[0] : null;
        var kind = variance.Provenance.Operator;
        bool hessian = kind == OperatorKind.Hessian;
        return new VariancePoint
        {
            Isotropic = variance.Isotropic?.Value,
            IsotropicStderr = variance.Isotropic?.Error,
            Top = top?.Value,
            TopStderr = top?.Error,
            PredictedLambdaMax = outlook
                ?.Predictions.Where(prediction =>
                    prediction.Operator == kind && double.IsFinite(prediction.LambdaMax.Value)
                )
                .ToDictionary(
                    prediction => prediction.BatchSize.ToString(CultureInfo.InvariantCulture),
                    prediction => prediction.LambdaMax.Value
                ),
            DampingMinimum = hessian ? outlook?.MinimumDamping : null,
            LearningRateMaximum = hessian ? outlook?.LargestLearningRate : null,
        };
    }
}
