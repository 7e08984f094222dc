using System.Globalization;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics.Catalogue;

/// <summary>
/// The series of a run's statistics. They are made when they are first measured: most runs measure few of them.
/// </summary>
internal sealed class StatisticsSeries(SeriesGroup group, StatisticsFamilies families, string run)
{
    public void Set(string analysis, long step, DateTimeOffset time)
    {
        Set(families.AnalysisStep, step, analysis);
        Set(families.AnalysisTimestamp, UnixTime.Seconds(time), analysis);
    }

    public void Set(string operatorName, SpectrumShape? shape)
    {
        Set(families.NegativeEigenvalues, shape?.NegativeEigenvalues, operatorName);
        Set(families.NegativeMass, shape?.NegativeMass, operatorName);
        Set(families.Degenerate, shape?.DegenerateEigenvalues, operatorName);
        Set(families.EffectiveRank, shape?.EffectiveRank, operatorName);
        Set(families.Outliers, shape?.Outliers, operatorName);
    }

    public void Set(TraceSample sample)
    {
        Set(families.Trace, sample.Trace, sample.Operator);
        Set(families.TraceError, sample.TraceError, sample.Operator);
        Set(families.Frobenius, sample.Frobenius, sample.Operator);
        Set(families.FrobeniusError, sample.FrobeniusError, sample.Operator);
        foreach (var (layer, trace) in sample.Layers.Take(CurvatureMetrics.MaxLayers))
        {
            Set(families.LayerTrace, trace, layer, sample.Operator);
        }
    }

    public void Set(GradientSample sample)
    {
        Set(families.ProbeGradientNorm, sample.Norm);
        Set(families.GradientVariance, sample.Variance);
        Set(families.GradientVarianceError, sample.VarianceError);
        Set(families.NoiseScale, sample.NoiseScale);
        Set(families.NoiseScaleError, sample.NoiseScaleError);
        Set(families.WeightNorm, sample.WeightNorm);
    }

    public void Set(VarianceSample sample)
    {
        Set(families.Variance, sample.Isotropic, sample.Operator, "isotropic");
        Set(families.VarianceError, sample.IsotropicError, sample.Operator, "isotropic");
        Set(families.Variance, sample.Top, sample.Operator, "top");
        Set(families.VarianceError, sample.TopError, sample.Operator, "top");
        foreach (var (size, value) in sample.Predicted.Take(CurvatureMetrics.MaxBatchSizes))
        {
            Set(families.PredictedBatchLambdaMax, value, sample.Operator, size.ToString(CultureInfo.InvariantCulture));
        }
    }

    public void Set(TrackingSample sample, int ranks)
    {
        for (var rank = 0; rank < ranks; rank++)
        {
            double? overlap = rank < sample.Overlaps.Count ? sample.Overlaps[rank] : null;
            Set(families.Overlap, overlap, sample.Operator, (rank + 1).ToString(CultureInfo.InvariantCulture));
        }
        Set(families.SubspaceOverlap, sample.SubspaceOverlap, sample.Operator);
        Set(families.GradientAlignment, sample.GradientAlignment, sample.Operator);
    }

    public void SetAdvice(double? dampingMinimum, double? learningRateMaximum)
    {
        Set(families.DampingMinimum, dampingMinimum);
        Set(families.LearningRateMaximum, learningRateMaximum);
    }

    public void SetBatchSharpness(double? value, double? error)
    {
        Set(families.BatchSharpness, value);
        Set(families.BatchSharpnessError, error);
    }

    private void Set(MetricFamily<Gauge> family, double? value, params ReadOnlySpan<string> labels) =>
        group.Add(family, [run, .. labels]).Set(value);
}
