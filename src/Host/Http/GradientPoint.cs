namespace CurvatureMonitor.Host.Http;

/// <summary>Statistics of gradient and parameters at one checkpoint.</summary>
internal sealed record GradientPoint
{
    /// <summary>‖g‖ on the probe set.</summary>
    public double? L2
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>max |g_k|.</summary>
    public double? Linf
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>tr Σ, the variance of the gradient over samples.</summary>
    public double? Variance
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>Standard error of <see cref="Variance"/>.</summary>
    public double? VarianceStderr
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>tr(Σ)/‖g‖², in samples.</summary>
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

    /// <summary>‖θ‖.</summary>
    public double? WeightNorm
    {
        get;
        init => field = Finite.OrNull(value);
    }
}
