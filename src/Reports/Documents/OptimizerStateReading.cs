using CurvatureMonitor.Curvature.Stability;

namespace CurvatureMonitor.Reports.Documents;

/// <summary>The optimiser at the measured step.</summary>
internal sealed record OptimizerStateReading
{
    /// <summary>Its name; absent where it is not told.</summary>
    public string? Kind { get; init; }

    /// <summary>Momentum of SGD and RMSprop, beta1 of Adam and its kin.</summary>
    public double? Momentum { get; init; }

    /// <summary>The learning rates of its parameter groups, where they differ.</summary>
    public IReadOnlyList<double>? LearningRates { get; init; }

    /// <summary>Why no stability limit is told, in words; absent where one is.</summary>
    public string? NoLimit { get; init; }

    internal static OptimizerStateReading Of(OptimizerDescription optimizer) =>
        new()
        {
            Kind = optimizer.Name,
            Momentum = optimizer.Momentum,
            LearningRates = optimizer.RatedGroups?.Select(group => group.LearningRate!.Value).ToList(),
            NoLimit = optimizer.NoLimitAt(null),
        };
}
