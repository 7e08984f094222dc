namespace CurvatureMonitor.Host.Analysis;

/// <summary>The curves of one density.</summary>
internal sealed record ViewsReading
{
    /// <summary>Gaussians of Papyan's width.</summary>
    public CurveReading? Gaussian { get; init; }

    /// <summary>The density of ln|λ|.</summary>
    public CurveReading? Log { get; init; }

    /// <summary>The kernel polynomial method.</summary>
    public CurveReading? Kpm { get; init; }

    /// <summary>The curve of greatest entropy.</summary>
    public CurveReading? Entropy { get; init; }
}
