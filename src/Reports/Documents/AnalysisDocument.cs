using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Reports.Runs;

namespace CurvatureMonitor.Reports.Documents;

/// <summary>
/// The result of <c>curvature analyze</c> for one checkpoint: one JSON document. What was not asked for is null and
/// absent from it.
/// </summary>
internal sealed record AnalysisDocument
{
    /// <summary>The run's name.</summary>
    public required string Run { get; init; }

    /// <summary>Step of the checkpoint.</summary>
    public required long Step { get; init; }

    /// <summary>N.</summary>
    public required long Samples { get; init; }

    /// <summary>P.</summary>
    public required long Parameters { get; init; }

    /// <summary>Element type of vectors and products: <c>float32</c> or <c>float64</c>.</summary>
    public required string Dtype { get; init; }

    /// <summary>L(θ) on the probe set.</summary>
    public required double Loss { get; init; }

    /// <summary>Learning rate at the step; absent where the bundle does not tell.</summary>
    public double? LearningRate { get; init; }

    /// <summary>
    /// By which share of their size the outputs of this program differ from those of the model that was trained; absent
    /// where they agree, or were not compared.
    /// </summary>
    public double? Difference { get; init; }

    /// <summary>The optimiser at the step, and why it has no stability limit where it has none.</summary>
    public OptimizerStateReading? Optimizer { get; init; }

    /// <summary>The gradient.</summary>
    public GradientReading? Gradient { get; init; }

    /// <summary>The parameters.</summary>
    public WeightsReading? Weights { get; init; }

    /// <summary>By the operator's name.</summary>
    public required IReadOnlyDictionary<string, OperatorReading> Operators { get; init; }

    /// <summary>What it cost in all.</summary>
    public required MeasurementCost Cost { get; init; }

    /// <summary>How it was made.</summary>
    public ProvenanceReading? Provenance { get; init; }
}
