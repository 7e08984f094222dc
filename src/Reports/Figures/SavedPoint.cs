using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Reports.Documents;
using CurvatureMonitor.Reports.Runs;

namespace CurvatureMonitor.Reports.Figures;

/// <summary>What a saved result tells of one operator at one step. Unknown numbers are null.</summary>
internal sealed record SavedPoint
{
    /// <summary>The run's name.</summary>
    public required string Run { get; init; }

    /// <summary>The step.</summary>
    public required long Step { get; init; }

    /// <summary>The operator's name, or <see cref="Gradient"/>.</summary>
    public required string Operator { get; init; }

    /// <summary>λ_max with its residual bound.</summary>
    public Estimate? LambdaMax { get; init; }

    /// <summary>λ_min with its residual bound.</summary>
    public Estimate? LambdaMin { get; init; }

    /// <summary>The largest eigenvalues, largest first.</summary>
    public IReadOnlyList<double>? Eigenvalues { get; init; }

    /// <summary>The density.</summary>
    public DiscreteDensity? Density { get; init; }

    /// <summary>The variance over samples with its standard error.</summary>
    public Estimate? Variance { get; init; }

    /// <summary>The stability limit.</summary>
    public double? Limit { get; init; }

    /// <summary>Curves of the density.</summary>
    public ViewsReading? Views { get; init; }

    /// <summary>The density with its outliers as atoms.</summary>
    public DiscreteDensity? Deflated { get; init; }

    /// <summary>What became of an earlier checkpoint's eigenvectors.</summary>
    public TrackingReading? Tracking { get; init; }

    /// <summary>Spectra of batches, by batch size.</summary>
    public IReadOnlyDictionary<string, MiniBatchReading>? MiniBatch { get; init; }

    /// <summary>The name under which the gradient's variance is kept.</summary>
    internal const string Gradient = "gradient";
}
