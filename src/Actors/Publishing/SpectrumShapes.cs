using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Analyses;

namespace CurvatureMonitor.Actors.Publishing;

/// <summary>
/// Completes spectra that have no shape: those of journals from before shapes were recorded, and of workers that do not
/// record them yet.
/// </summary>
internal static class SpectrumShapes
{
    /// <summary>The event with the shape of every spectrum in it; the same event where none is missing.</summary>
    public static MonitorEvent Complete(MonitorEvent monitorEvent) =>
        monitorEvent is CheckpointMeasured measured && measured.Measurements.Any(LacksShape)
            ? measured with
            {
                Measurements = [.. measured.Measurements.Select(Complete)],
            }
            : monitorEvent;

    private static bool LacksShape(Measurement measurement) => measurement is SpectrumMeasurement { Shape: null };

    private static Measurement Complete(Measurement measurement) =>
        measurement is SpectrumMeasurement { Shape: null } spectrum
            ? spectrum with
            {
                Shape = ShapeAnalysis.Of(spectrum),
            }
            : measurement;
}
