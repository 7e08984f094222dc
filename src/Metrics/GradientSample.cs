namespace CurvatureMonitor.Metrics;

/// <summary>Statistics of gradient and parameters at one checkpoint. What is null is not exposed.</summary>
public sealed record GradientSample
{
    /// <summary>‖g‖ on the probe set.</summary>
    public double? Norm { get; init; }

    /// <summary>tr Σ, the trace of the covariance of the samples' gradients.</summary>
    public double? Variance { get; init; }

    /// <summary>Standard error of <see cref="Variance"/>.</summary>
    public double? VarianceError { get; init; }

    /// <summary>tr(Σ)/‖g‖².</summary>
    public double? NoiseScale { get; init; }

    /// <summary>
    /// Standard error of <see cref="NoiseScale"/> over the data: what another probe set of this size would have given.
    /// </summary>
    public double? NoiseScaleError { get; init; }

    /// <summary>‖θ‖.</summary>
    public double? WeightNorm { get; init; }
}
