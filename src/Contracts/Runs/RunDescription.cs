using CurvatureMonitor.Contracts.Analyses;

namespace CurvatureMonitor.Contracts.Runs;

/// <summary>A run as it is known when it starts; this does not change later.</summary>
/// <param name="Run">The run's name.</param>
/// <param name="Model">The model's name, or empty.</param>
/// <param name="Optimizer">The optimiser's name, or empty.</param>
/// <param name="Dataset">The data set's name, or empty.</param>
/// <param name="Revision">The revision of the training code, or empty.</param>
public sealed record RunDescription(
    string Run,
    string Model = "",
    string Optimizer = "",
    string Dataset = "",
    string Revision = ""
)
{
    /// <summary>β of SGD, β₁ of Adam; null where unknown.</summary>
    public double? Momentum { get; init; }

    /// <summary>ε of Adam; null where unknown, and for optimisers without damping.</summary>
    public double? Damping { get; init; }

    /// <summary>P; null where unknown.</summary>
    public long? Parameters { get; init; }

    /// <summary>The loss that is measured, with its options; empty where unknown.</summary>
    public string Loss { get; init; } = "";

    /// <summary>What batch norm normalises with; empty where unknown, and for models without.</summary>
    public string BatchNorm { get; init; } = "";

    /// <summary>Which parameters θ has: all, or how many tensors and the first of them; empty where unknown.</summary>
    public string Trained { get; init; } = "";

    /// <summary>What is done with the program's casts to types of less precision; empty where it has none.</summary>
    public string Autocast { get; init; } = "";

    /// <summary>Steps that the training will make; null where unknown.</summary>
    public long? Steps { get; init; }

    /// <summary>N, the size of the probe set; null where unknown.</summary>
    public long? ProbeSamples { get; init; }

    /// <summary>When it started; null where unknown.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>How it is measured: the analyses that a live run may have, where nothing is said.</summary>
    public IReadOnlyList<AnalysisKind> Analyses { get; init; } =
    [
        AnalysisKind.Sharpness,
        AnalysisKind.Spectrum,
        AnalysisKind.Gradient,
        AnalysisKind.Trace,
        AnalysisKind.Variance,
        AnalysisKind.Tracking,
        AnalysisKind.BatchSharpness,
    ];

    /// <summary>Names of the operators measured: all, where nothing is said.</summary>
    public IReadOnlyList<string> Operators { get; init; } = [.. OperatorNames.All.Select(kind => kind.Label())];
}
