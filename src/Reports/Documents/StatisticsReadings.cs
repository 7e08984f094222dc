using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Reports.Runs;

namespace CurvatureMonitor.Reports.Documents;

/// <summary>Traces, variances, layers and modules as parts of an operator's reading.</summary>
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

    /// <summary>Adds the blocks of modules.</summary>
    internal static OperatorReading Add(OperatorReading reading, ModulesMeasurement measured) =>
        reading with
        {
            Modules = ModuleReading.Of(measured),
            ModulesLeftOut = ModuleReading.LeftOut(measured),
        };

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
