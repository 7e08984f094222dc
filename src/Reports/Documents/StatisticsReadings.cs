using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Reports.Documents;

/// <summary>Traces, variances and layers as parts of an operator's reading.</summary>
internal static class StatisticsReadings
{
    /// <summary>Adds a trace.</summary>
    internal static OperatorReading Add(OperatorReading reading, TraceMeasurement trace) =>
        reading with
        {
            Trace = trace.Trace.Value,
            TraceStderr = trace.Trace.Error,
            Frobenius = trace.Frobenius.Value,
            FrobeniusStderr = trace.Frobenius.Error,
            Layers = trace.Layers.ToDictionary(
                layer => layer.Layer,
                layer => new LayerReading { Trace = layer.Estimate.Value, TraceStderr = layer.Estimate.Error }
            ),
        };

    /// <summary>Adds a variance.</summary>
    internal static OperatorReading Add(OperatorReading reading, VarianceMeasurement variance)
    {
        var top = variance.Directional.Count > 0 ? variance.Directional[0] : null;
        return reading with
        {
            Variance = variance.Isotropic!.Value,
            VarianceStderr = variance.Isotropic.Error,
            VarianceTop = top?.Value,
            VarianceTopStderr = variance.Form == VarianceForm.RandomBatches ? top?.Error : null,
        };
    }

    /// <summary>Adds the sharpness of every layer beside its trace.</summary>
    internal static OperatorReading Add(OperatorReading reading, LayerSharpnessMeasurement measured) =>
        reading with
        {
            Layers = measured.Layers.ToDictionary(
                layer => layer.Layer,
                layer =>
                    (reading.Layers?.GetValueOrDefault(layer.Layer) ?? new LayerReading()) with
                    {
                        LambdaMax = layer.Estimate.Value,
                        LambdaMaxResidual = layer.Estimate.Error,
                    }
            ),
        };
}
