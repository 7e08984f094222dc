using System.Text.Json.Serialization;
using CurvatureMonitor.Contracts.Errors;

namespace CurvatureMonitor.Contracts.Analyses;

/// <summary>
/// How checkpoints are measured, live and by <c>curvature analyze</c>: equal settings on an equal checkpoint give equal
/// numbers. The defaults are those of <see cref="Live"/>.
/// </summary>
public sealed record AnalysisSettings
{
    /// <summary>
    /// Lanczos steps at most where <see cref="LanczosSteps"/> is null; small models close or converge long before.
    /// </summary>
    public const int DefaultMaximumSteps = 1000;

    /// <summary>
    /// The largest model whose traces are exact unless other settings are made: some seconds of products.
    /// </summary>
    public const int DefaultExactParameters = 2500;

    /// <summary>Quick enough beside a training: few steps, few probes, warm starts.</summary>
    public static AnalysisSettings Live { get; } = new();

    /// <summary>
    /// Everything until it has converged. The tolerance is an order below the 1e-8 to which results are compared; in
    /// float32 rounding ends the search long before.
    /// </summary>
    public static AnalysisSettings Thorough { get; } =
        new()
        {
            Operators = OperatorNames.All,
            LanczosSteps = null,
            SpectrumTolerance = 1e-9,
            Tolerance = 1e-9,
            FindsRepeated = true,
            ColdStart = true,
            Probes = 32,
            DeflatedEigenvectors = 10,
            TrackedEigenvectors = 10,
            KeepsFirstTracked = true,
            SharpnessBatches = 32,
        };

    /// <summary>The operators measured, in this order.</summary>
    public IReadOnlyList<OperatorKind> Operators { get; init; } = [OperatorKind.Hessian, OperatorKind.GaussNewton];

    /// <summary>
    /// m, Lanczos steps of a spectrum, and at most of a sharpness; null for as many as the eigenvalues need to
    /// converge.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int? LanczosSteps { get; init; } = 32;

    /// <summary>How many of the largest eigenvalues a spectrum reports.</summary>
    public int TopEigenvalues { get; init; } = 10;

    /// <summary>
    /// Residual bound, relative to max |λ|, at which the ends of a spectrum count as converged, so that it stops; null
    /// makes all the steps.
    /// </summary>
    public double? SpectrumTolerance { get; init; }

    /// <summary>Residual bound, relative to max |λ|, at which a sharpness counts as converged.</summary>
    public double Tolerance { get; init; } = 1e-3;

    /// <summary>
    /// Whether a spectrum whose eigenvalues have converged is searched for repeated ones, which one Krylov space holds
    /// once.
    /// </summary>
    public bool FindsRepeated { get; init; }

    /// <summary>Start vectors that a density is averaged over.</summary>
    public int DensityProbes { get; init; } = 1;

    /// <summary>Whether a density is measured without reorthogonalisation also where the vectors fit.</summary>
    public bool Fast { get; init; }

    /// <summary>
    /// Random probes of a trace and of a variance, 2 or more: a product each for a trace, about two for a variance. As
    /// many as there are parameters make them exact.
    /// </summary>
    public int Probes { get; init; } = 8;

    /// <summary>The largest P whose traces and Frobenius norms are computed column by column, exactly.</summary>
    public int ExactParameters { get; init; } = DefaultExactParameters;

    /// <summary>
    /// How many of the leading Ritz vectors of the spectrum are left out of the probes of a trace and of a variance and
    /// counted exactly; 0 for none.
    /// </summary>
    public int DeflatedEigenvectors { get; init; } = 4;

    /// <summary>
    /// The form in which variances are computed; null is per sample, or the fixed micro-batches where batch norm is in
    /// train mode.
    /// </summary>
    public VarianceForm? VarianceForm { get; init; }

    /// <summary>How many of the largest eigenvectors are tracked.</summary>
    public int TrackedEigenvectors { get; init; } = 4;

    /// <summary>
    /// Whether every checkpoint is compared with the first one that was tracked, not with the one before it.
    /// </summary>
    public bool KeepsFirstTracked { get; init; }

    /// <summary>Batches that a batch sharpness is averaged over.</summary>
    public int SharpnessBatches { get; init; } = 16;

    /// <summary>Batches of each size whose spectra are measured.</summary>
    public int SpectrumBatches { get; init; } = 8;

    /// <summary>Batch sizes; null for the training's own.</summary>
    public IReadOnlyList<int>? BatchSizes { get; init; }

    /// <summary>How many of the largest eigenvalues eigenpairs finds.</summary>
    public int LargestEigenpairs { get; init; } = 10;

    /// <summary>How many of the smallest eigenvalues eigenpairs finds.</summary>
    public int SmallestEigenpairs { get; init; } = 10;

    /// <summary>Residual bound of eigenpairs, relative to max |λ|.</summary>
    public double EigenpairTolerance { get; init; } = 1e-6;

    /// <summary>Vectors that a search for eigenvalues may hold; null for as many as fit.</summary>
    public int? Vectors { get; init; }

    /// <summary>The curves of a density; null for all.</summary>
    public IReadOnlyList<DensityView>? Views { get; init; }

    /// <summary>The magnitudes between which a power law is fitted to the log view; null for none.</summary>
    public MagnitudeRange? PowerLaw { get; init; }

    /// <summary>How many outliers a deflated density takes out.</summary>
    public int Outliers { get; init; } = 10;

    /// <summary>
    /// Patterns of the modules whose blocks are measured; null for the model's own modules (<see
    /// cref="ModuleSelection"/>).
    /// </summary>
    public IReadOnlyList<string>? Modules { get; init; }

    /// <summary>Seed of every random vector and batch, the same for every checkpoint of a run.</summary>
    public long Seed { get; init; }

    /// <summary>
    /// Whether a sharpness starts from the seeded vector, as a spectrum does, and not from the vectors of the
    /// checkpoint before: its last digits then depend on the checkpoint alone, whoever measures it.
    /// </summary>
    public bool ColdStart { get; init; }

    /// <summary>
    /// Bytes that retained gradient graphs may take; micro-batches beyond it rebuild theirs at every product.
    /// </summary>
    public long RetainBytes { get; init; } = long.MaxValue;

    /// <summary>
    /// Bytes that one job's linearization may use at any moment; beyond it the job fails as out of memory.
    /// </summary>
    public long LimitBytes { get; init; } = long.MaxValue;

    /// <summary>Bytes that Lanczos vectors may take; beyond it there are fewer steps, or restarts.</summary>
    public long BasisBytes { get; init; } = long.MaxValue;

    /// <summary>Lanczos steps at most.</summary>
    [JsonIgnore]
    public int MaximumSteps => LanczosSteps ?? DefaultMaximumSteps;

    /// <summary>
    /// The settings within a budget: a quarter is for Lanczos vectors, the rest for products, of which half of the
    /// whole may go into kept graphs.
    /// </summary>
    /// <param name="bytes">The budget.</param>
    public AnalysisSettings Within(long bytes) =>
        this with
        {
            RetainBytes = Math.Min(RetainBytes, bytes / 2),
            LimitBytes = Math.Min(LimitBytes, bytes - (bytes / 4)),
            BasisBytes = Math.Min(BasisBytes, bytes / 4),
        };

    /// <summary>The number of random vectors for a model of so many parameters.</summary>
    /// <param name="parameters">P.</param>
    public int ProbesFor(long parameters) => (int)Math.Max(2, Math.Min(Probes, parameters));

    /// <summary>
    /// Whether traces and Frobenius norms of a model of so many parameters are computed column by column.
    /// </summary>
    /// <param name="parameters">P.</param>
    public bool TracesAreExact(long parameters) => parameters <= Math.Max(Probes, ExactParameters);

    /// <summary>Makes sure that a checkpoint can be measured so.</summary>
    /// <exception cref="UserErrorException">It cannot; the message says which setting and how to mend it.</exception>
    public void Validate()
    {
        if (Operators.Count == 0 || Operators.Distinct().Count() != Operators.Count)
        {
            throw new UserErrorException("operators: name at least one of hessian, ggn, residual, each once");
        }

        RequirePositive("Lanczos steps", LanczosSteps);
        RequirePositive("top eigenvalues", TopEigenvalues);

        if (!(Tolerance > 0) || !double.IsFinite(Tolerance))
        {
            throw new UserErrorException($"the tolerance is {Tolerance}: give a number above 0");
        }

        if (Probes < 2)
        {
            throw new UserErrorException($"probes are {Probes}: give a whole number of at least 2");
        }

        if (TrackedEigenvectors < 1 || SharpnessBatches < 2)
        {
            throw new UserErrorException(
                $"tracked eigenvectors are {TrackedEigenvectors}, batches {SharpnessBatches}: give at least 1 and 2"
            );
        }

        RequirePositive("density probes", DensityProbes);
        RequirePositive("outliers", Outliers);
        RequirePositive("vectors of a search", Vectors);
        RequireEachOnce("views", Views);
        ModuleSelection.Validate(Modules);
        RequireEachOnce("batch sizes", BatchSizes);
        foreach (var size in BatchSizes ?? [])
        {
            RequirePositive("samples of a batch", size);
        }

        if (SpectrumBatches < 2)
        {
            throw new UserErrorException($"batches of spectra are {SpectrumBatches}: give at least 2");
        }

        if (!(EigenpairTolerance > 0 && EigenpairTolerance < 1))
        {
            throw new UserErrorException(
                $"the tolerance of eigenpairs is {EigenpairTolerance}: give a number between 0 and 1"
            );
        }

        if (DeflatedEigenvectors < 0 || ExactParameters < 0)
        {
            throw new UserErrorException(
                $"deflated eigenvectors are {DeflatedEigenvectors}, exact parameters {ExactParameters}: give at least 0"
            );
        }

        if (RetainBytes < 0 || LimitBytes < 1 || BasisBytes < 0)
        {
            throw new UserErrorException("the memory budget is below 1 byte: give more, or leave it out");
        }
    }

    private static void RequirePositive(string name, int? value)
    {
        if (value < 1)
        {
            throw new UserErrorException($"{name} are {value}: give a whole number of at least 1");
        }
    }

    private static void RequireEachOnce<T>(string name, IReadOnlyList<T>? values)
    {
        if (values is not null && (values.Count == 0 || values.Distinct().Count() != values.Count))
        {
            throw new UserErrorException($"{name}: name at least one, each once");
        }
    }
}
