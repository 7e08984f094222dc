using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Reports.Runs;

namespace CurvatureMonitor.Reports.Documents;

/// <summary>What was measured of one operator. What was not asked for is null and absent from the JSON.</summary>
internal sealed record OperatorReading
{
    /// <summary>λ_max.</summary>
    public double? LambdaMax { get; init; }

    /// <summary>Residual bound of <see cref="LambdaMax"/>: an eigenvalue lies within it.</summary>
    public double? LambdaMaxResidual { get; init; }

    /// <summary>λ_min.</summary>
    public double? LambdaMin { get; init; }

    /// <summary>Residual bound of <see cref="LambdaMin"/>.</summary>
    public double? LambdaMinResidual { get; init; }

    /// <summary>The largest eigenvalues, largest first.</summary>
    public IReadOnlyList<double>? Eigenvalues { get; init; }

    /// <summary>Residual bounds of <see cref="Eigenvalues"/>.</summary>
    public IReadOnlyList<double>? EigenvalueResiduals { get; init; }

    /// <summary>Whether every eigenvalue here reached its tolerance before the steps were used up.</summary>
    public bool? Converged { get; init; }

    /// <summary>Lanczos steps done.</summary>
    public int? LanczosSteps { get; init; }

    /// <summary>tr A.</summary>
    public double? Trace { get; init; }

    /// <summary>Standard error of <see cref="Trace"/>.</summary>
    public double? TraceStderr { get; init; }

    /// <summary>‖A‖_F.</summary>
    public double? Frobenius { get; init; }

    /// <summary>Standard error of <see cref="Frobenius"/>.</summary>
    public double? FrobeniusStderr { get; init; }

    /// <summary>(1/N) Σ tr(A_i²) − tr(A²).</summary>
    public double? Variance { get; init; }

    /// <summary>Standard error of <see cref="Variance"/>.</summary>
    public double? VarianceStderr { get; init; }

    /// <summary>(1/N) Σ ‖(A_i − A) φ‖² at the unit eigenvector φ of <see cref="LambdaMax"/>.</summary>
    public double? VarianceTop { get; init; }

    /// <summary>Standard error of <see cref="VarianceTop"/>; absent where it is exact.</summary>
    public double? VarianceTopStderr { get; init; }

    /// <summary>By the name of the parameter tensor; the traces add up to <see cref="Trace"/>.</summary>
    public IReadOnlyDictionary<string, LayerReading>? Layers { get; init; }

    /// <summary>By the module's path or pattern.</summary>
    public IReadOnlyDictionary<string, ModuleReading>? Modules { get; init; }

    /// <summary>How many modules of the model <see cref="Modules"/> has no room for; absent where none.</summary>
    public int? ModulesLeftOut { get; init; }

    /// <summary>Spectral density.</summary>
    public DiscreteDensity? Density { get; init; }

    /// <summary>λ_max beside the optimiser's limit; of the Hessian alone.</summary>
    public StabilityReading? Stability { get; init; }

    /// <summary>The ends of the spectrum to a tolerance.</summary>
    public EigenpairsReading? Eigenpairs { get; init; }

    /// <summary>Smooth curves of the density.</summary>
    public ViewsReading? Views { get; init; }

    /// <summary>What the density says in numbers.</summary>
    public SpectrumShape? Shape { get; init; }

    /// <summary>The density with its outliers as atoms.</summary>
    public DeflatedReading? Deflated { get; init; }

    /// <summary>Gradient and earlier eigenvectors in this checkpoint's curvature.</summary>
    public TrackingReading? Tracking { get; init; }

    /// <summary>By batch size.</summary>
    public IReadOnlyDictionary<string, BatchSharpnessReading>? BatchSharpness { get; init; }

    /// <summary>λ_max as Adam and other adaptive optimisers see it.</summary>
    public PreconditionedReading? PreconditionedSharpness { get; init; }

    /// <summary>λ_max scaled by the learning rates of the parameter groups, where they differ.</summary>
    public PreconditionedReading? ScaledSharpness { get; init; }

    /// <summary>By batch size.</summary>
    public IReadOnlyDictionary<string, MiniBatchReading>? MiniBatch { get; init; }

    /// <summary>Analyses that an operation of the model rules out, with its name.</summary>
    public IReadOnlyDictionary<string, string>? Refused { get; init; }
}
