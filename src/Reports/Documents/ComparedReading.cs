using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.RandomMatrices;

namespace CurvatureMonitor.Reports.Documents;

/// <summary>A number of random batches, measured and predicted.</summary>
internal sealed record ComparedReading
{
    /// <summary>Standard errors of the difference beyond which a prediction does not hold.</summary>
    internal const double Tolerance = 3;

    /// <summary>Mean over the batches.</summary>
    public double? Mean { get; init; }

    /// <summary>Standard deviation of one batch.</summary>
    public double? Spread { get; init; }

    /// <summary>Standard error of <see cref="Mean"/>.</summary>
    public double? Stderr { get; init; }

    /// <summary>What the theory predicts; absent where the variance is not known.</summary>
    public double? Predicted { get; init; }

    /// <summary>Standard error of <see cref="Predicted"/>, from those of curvature and variance.</summary>
    public double? PredictedStderr { get; init; }

    /// <summary>|mean − predicted| in standard errors of the difference.</summary>
    public double? Deviation { get; init; }

    /// <summary>Whether <see cref="Deviation"/> is at most three.</summary>
    public bool? Holds { get; init; }

    internal static ComparedReading Of(Spread measured, Estimate? predicted)
    {
        double? deviation = predicted is null ? null : MiniBatchPrediction.Deviation(measured.Estimate, predicted);
        return new ComparedReading
        {
            Mean = measured.Mean,
            Spread = measured.Deviation,
            Stderr = measured.Estimate.Error,
            Predicted = predicted?.Value,
            PredictedStderr = predicted?.Error,
            Deviation = deviation,
            Holds = deviation is { } errors && double.IsFinite(errors) ? errors <= Tolerance : null,
        };
    }
}
