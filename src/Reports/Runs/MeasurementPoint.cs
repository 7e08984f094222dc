using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Reports.Runs;

/// <summary>
/// The result of one analysis of one checkpoint, as outsiders see it. What was not measured is null and absent from the
/// JSON.
/// </summary>
internal sealed record MeasurementPoint
{
    /// <summary>The run's name.</summary>
    public required string Run { get; init; }

    /// <summary>Step of the measured checkpoint.</summary>
    public required long Step { get; init; }

    /// <summary>When the measurement was finished.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Kind of analysis, for example <c>spectrum</c>.</summary>
    public required string Analysis { get; init; }

    /// <summary>The operator measured: <c>hessian</c>, <c>ggn</c> or <c>residual</c>.</summary>
    public string? Operator { get; init; }

    /// <summary>Largest Ritz value.</summary>
    public double? LambdaMax { get; init; }

    /// <summary>Residual bound of <see cref="LambdaMax"/>: its error bar.</summary>
    public double? LambdaMaxResidual { get; init; }

    /// <summary>Smallest Ritz value.</summary>
    public double? LambdaMin { get; init; }

    /// <summary>Residual bound of <see cref="LambdaMin"/>: its error bar.</summary>
    public double? LambdaMinResidual { get; init; }

    /// <summary>Top eigenvalues, largest first.</summary>
    public IReadOnlyList<double>? Eigenvalues { get; init; }

    /// <summary>Estimate of the operator's trace: of a spectrum, or of the trace analysis.</summary>
    public double? Trace { get; init; }

    /// <summary>Standard error of <see cref="Trace"/>.</summary>
    public double? TraceStderr { get; init; }

    /// <summary>Frobenius norm.</summary>
    public double? Frobenius { get; init; }

    /// <summary>Standard error of <see cref="Frobenius"/>.</summary>
    public double? FrobeniusStderr { get; init; }

    /// <summary>Trace of the block of every parameter tensor.</summary>
    public IReadOnlyDictionary<string, double>? LayerTraces { get; init; }

    /// <summary>The blocks of modules, by path or pattern.</summary>
    public IReadOnlyDictionary<string, ModuleReading>? Modules { get; init; }

    /// <summary>How many modules of the model <see cref="Modules"/> has no room for; absent where none.</summary>
    public int? ModulesLeftOut { get; init; }

    /// <summary>What the spectrum says in numbers.</summary>
    public ShapePoint? Shape { get; init; }

    /// <summary>Statistics of gradient and parameters.</summary>
    public GradientReading? Gradient { get; init; }

    /// <summary>How much the operator differs between samples.</summary>
    public VariancePoint? Variance { get; init; }

    /// <summary>How the top eigenvectors have turned.</summary>
    public TrackingPoint? Tracking { get; init; }

    /// <summary>Batch sharpness.</summary>
    public BatchSharpnessReading? BatchSharpness { get; init; }

    /// <summary>Spectral density.</summary>
    public DiscreteDensity? Density { get; init; }

    /// <summary>The sharpness beside the optimiser's limit.</summary>
    public StabilityReading? Stability { get; init; }

    /// <summary>
    /// By which share of their size the outputs of the measured program differ from those of the trained model.
    /// </summary>
    public double? Difference { get; init; }

    /// <summary>Why no stability limit is told, in words.</summary>
    public string? NoLimit { get; init; }

    /// <summary>The branch of the run; absent for the first.</summary>
    public int? Branch { get; init; }

    /// <summary>The first step of <see cref="Branch"/>.</summary>
    public long? BranchStep { get; init; }

    /// <summary>What the measurement cost.</summary>
    public MeasurementCost? Cost { get; init; }

    /// <summary>Steps that the training had gone on by when the measurement was finished.</summary>
    public long? LagSteps { get; init; }
}
