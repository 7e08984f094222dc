namespace CurvatureMonitor.Actors;

/// <summary>What is known of a run when it starts and does not change.</summary>
/// <param name="Run">The run's name.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Dataset">The data set's name.</param>
/// <param name="Optimizer">The optimiser's name.</param>
/// <param name="Momentum">β of SGD, β₁ of Adam; null where unknown.</param>
/// <param name="Parameters">P.</param>
/// <param name="Steps">Steps that the training will make; null where it did not tell.</param>
/// <param name="ProbeSamples">N, the size of the probe set.</param>
/// <param name="Started">When it started.</param>
/// <param name="Revision">The revision of the training code, or empty.</param>
/// <param name="Analyses">How it is measured.</param>
/// <param name="Operators">Names of the operators measured.</param>
public sealed record RunDescription(
    string Run,
    string Model,
    string Dataset,
    string Optimizer,
    double? Momentum,
    long Parameters,
    long? Steps,
    long ProbeSamples,
    DateTimeOffset Started,
    string Revision,
    IReadOnlyList<AnalysisKind> Analyses,
    IReadOnlyList<string> Operators
)
{
    /// <summary>ε of Adam; null where unknown, and for optimisers without damping.</summary>
    public double? Damping { get; init; }
}
