using System.Globalization;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Metrics.Catalogue;
using CurvatureMonitor.Metrics.Series;

namespace CurvatureMonitor.Metrics.Projections;

/// <summary>How much an operator differs between samples, and what theory predicts of batches.</summary>
internal sealed class VarianceProjection : MeasurementProjection<VarianceMeasurement>
{
    protected override void Apply(
        VarianceMeasurement measurement,
        string name,
        CheckpointMeasured measured,
        RunSeries run
    )
    {
        var families = run.Families.Variance;
        var top = measurement.Directional.Count > 0 ? measurement.Directional[0] : null;
        run.Set(families.Variance, families.VarianceError, measurement.Isotropic, name, "isotropic");
        run.Set(families.Variance, families.VarianceError, top, name, "top");
        var predictions = measured.Outlook?.Predictions ?? [];
        foreach (
            var prediction in predictions
                .Where(prediction => prediction.Operator == measurement.Provenance.Operator)
                .Take(SeriesLimits.BatchSizes)
        )
        {
            run.Set(
                families.PredictedBatchLambdaMax,
                prediction.LambdaMax.Value,
                name,
                prediction.BatchSize.ToString(CultureInfo.InvariantCulture)
            );
        }
    }
}
