using CurvatureMonitor.Contracts.Analyses;

namespace CurvatureMonitor.Metrics.Catalogue;

/// <summary>How many series of one family a run may have at most, where their number depends on the model.</summary>
public static class SeriesLimits
{
    /// <summary>How many eigenvalues are exposed by rank.</summary>
    public const int Ranks = 16;

    /// <summary>How many parameter tensors are exposed by name.</summary>
    public const int Layers = 100;

    /// <summary>How many modules are exposed by name.</summary>
    public const int Modules = ModuleSelection.MaximumPatterns;

    /// <summary>How many batch sizes predictions are exposed for.</summary>
    public const int BatchSizes = 8;
}
