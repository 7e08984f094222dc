namespace CurvatureMonitor.Host.Http;

/// <summary>How much an operator differs between samples, and what theory makes of it.</summary>
internal sealed record VariancePoint
{
    /// <summary>Summed over all entries.</summary>
    public double? Isotropic
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>Standard error of <see cref="Isotropic"/>.</summary>
    public double? IsotropicStderr
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>Along the top eigenvector.</summary>
    public double? Top
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>Standard error of <see cref="Top"/>.</summary>
    public double? TopStderr
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>By batch size, the largest eigenvalue that theory predicts on a batch.</summary>
    public IReadOnlyDictionary<string, double>? PredictedLambdaMax { get; init; }

    /// <summary>The least damping; of the Hessian alone.</summary>
    public double? DampingMinimum
    {
        get;
        init => field = Finite.OrNull(value);
    }

    /// <summary>The learning rate at which a training batch reaches the limit; of the Hessian alone.</summary>
    public double? LearningRateMaximum
    {
        get;
        init => field = Finite.OrNull(value);
    }
}
