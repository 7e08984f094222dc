using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Reports.Runs;

/// <summary>The gradient of the loss over the probe set, and how much it differs between samples.</summary>
internal sealed record GradientReading
{
    /// <summary>‖g‖₂.</summary>
    public double? L2 { get; init; }

    /// <summary>max |g_k|.</summary>
    public double? Linf { get; init; }

    /// <summary>tr Σ = (1/N) Σ ‖g_i‖² − ‖g‖².</summary>
    public double? Variance { get; init; }

    /// <summary>Standard error of <see cref="Variance"/>; absent from saved analyses where it is exact.</summary>
    public double? VarianceStderr { get; init; }

    /// <summary>tr(Σ)/‖g‖²: the batch size at which noise and signal are equal.</summary>
    public double? NoiseScale { get; init; }

    /// <summary>
    /// Error of <see cref="NoiseScale"/> over the data: how far that of what the samples were drawn from may be.
    /// </summary>
    public double? NoiseScaleStderr { get; init; }

    /// <summary>‖θ‖; of live runs alone, whose weights stand beside the gradient.</summary>
    public double? WeightNorm { get; init; }

    /// <summary>A measured gradient as the page shows it.</summary>
    internal static GradientReading Live(GradientMeasurement measured, WeightNorms? weights) =>
        new()
        {
            L2 = measured.Norm.Value,
            Linf = measured.Maximum.Value,
            Variance = measured.Variance.Value,
            VarianceStderr = measured.Variance.Error,
            NoiseScale = measured.NoiseScale?.Value,
            NoiseScaleStderr = measured.NoiseScale?.Error,
            WeightNorm = weights?.Norm.Value,
        };

    /// <summary>A measured gradient as <c>analyze</c> saves it.</summary>
    internal static GradientReading Saved(GradientMeasurement measured) =>
        Live(measured, weights: null) with
        {
            VarianceStderr = measured.Form == VarianceForm.PerSample ? null : measured.Variance.Error,
        };
}
