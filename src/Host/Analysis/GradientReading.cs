using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Host.Http;

namespace CurvatureMonitor.Host.Analysis;

/// <summary>The gradient of the loss over the probe set.</summary>
internal sealed record GradientReading
{
    /// <summary>‖g‖₂.</summary>
    public double? L2
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>max |g_i|.</summary>
    public double? Linf
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>(1/N) Σ ‖g_i‖² − ‖g‖².</summary>
    public double? Variance
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>Standard error of <see cref="Variance"/>; absent where it is exact.</summary>
    public double? VarianceStderr
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>Variance over ‖g‖²: the batch size at which noise and signal are equal.</summary>
    public double? NoiseScale
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>
    /// Error of <see cref="NoiseScale"/> over the data: how far that of what the samples were drawn from may be.
    /// </summary>
    public double? NoiseScaleStderr
    {
        get;
        init => field = Finite.OrNull(value);
    }

    internal static GradientReading Of(GradientMeasurement measured)
    {
        bool exact = measured.Form == VarianceForm.PerSample;
        return new GradientReading
        {
            L2 = measured.Norm.Value,
            Linf = measured.Maximum.Value,
            Variance = measured.Variance.Value,
            VarianceStderr = exact ? null : measured.Variance.Error,
            NoiseScale = measured.NoiseScale?.Value,
            NoiseScaleStderr = measured.NoiseScale?.Error,
        };
    }
}
