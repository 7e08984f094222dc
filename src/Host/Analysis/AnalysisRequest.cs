using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Host.Analysis;

/// <summary>How a bundle is to be measured.</summary>
internal sealed record AnalysisRequest
{
    /// <summary>
    /// Residual bound, relative to max |λ|, at which an eigenvalue counts as converged. An order below the 1e-8 to
    /// which results are compared; in float32 rounding ends the search long before.
    /// </summary>
    internal const double Tolerance = 1e-9;

    /// <summary>
    /// Lanczos steps at most where the user names no number; small models close or converge long before.
    /// </summary>
    internal const int MostSteps = 1000;

    /// <summary>Random vectors where the user names no number.</summary>
    internal const int UsualProbes = 32;

    /// <summary>
    /// The largest model whose traces are exact unless the user names a number of random vectors: some seconds of
    /// products.
    /// </summary>
    internal const int ExactParameters = 2500;

    /// <summary>What is measured.</summary>
    public IReadOnlyList<BundleAnalysis> Analyses { get; init; } = BundleAnalyses.Usual;

    /// <summary>Of which operators.</summary>
    public IReadOnlyList<OperatorKind> Operators { get; init; } = OperatorNames.All;

    /// <summary>Lanczos steps at most; null goes on until the eigenvalues have converged.</summary>
    public int? Steps { get; init; }

    /// <summary>How many of the largest eigenvalues are reported.</summary>
    public int Top { get; init; } = 10;

    /// <summary>Seed of every random vector.</summary>
    public long Seed { get; init; }

    /// <summary>
    /// Random vectors of trace, Frobenius norm and variance, 2 or more; as many as there are parameters make them
    /// exact. Null takes <see cref="UsualProbes"/>, but gives exact traces and Frobenius norms of models with at most
    /// <see cref="ExactParameters"/> parameters.
    /// </summary>
    public int? Probes { get; init; }

    /// <summary>Start vectors that a density is averaged over.</summary>
    public int DensityProbes { get; init; } = 1;

    /// <summary>Whether a density is measured without reorthogonalisation also where the vectors fit.</summary>
    public bool Fast { get; init; }

    /// <summary>
    /// What variances are computed from; null is per sample, or the fixed micro-batches where batch norm is in train
    /// mode.
    /// </summary>
    public VarianceForm? VarianceForm { get; init; }

    /// <summary>
    /// How many of the largest and of the smallest eigenvalues <see cref="BundleAnalysis.Eigenpairs"/> finds.
    /// </summary>
    public (int Largest, int Smallest) Eigenpairs { get; init; } = (10, 10);

    /// <summary>Their largest residual bound, as a share of max |λ|.</summary>
    public double EigenpairTolerance { get; init; } = 1e-6;

    /// <summary>Vectors that a search for eigenvalues may hold; null for as many as fit.</summary>
    public int? Vectors { get; init; }

    /// <summary>The curves of <see cref="BundleAnalysis.Views"/>.</summary>
    public IReadOnlyList<DensityView> Views { get; init; } = Enum.GetValues<DensityView>();

    /// <summary>The magnitudes between which a power law is fitted to the log view; null for none.</summary>
    public (double Low, double High)? PowerLaw { get; init; }

    /// <summary>How many outliers <see cref="BundleAnalysis.Deflated"/> takes out.</summary>
    public int Outliers { get; init; } = 10;

    /// <summary>The step whose checkpoint the others are compared with; null for the first of them.</summary>
    public long? Compare { get; init; }

    /// <summary>Batch sizes; null for the training's own.</summary>
    public IReadOnlyList<int>? BatchSizes { get; init; }

    /// <summary>Random batches a batch size; null for the usual number.</summary>
    public int? Batches { get; init; }

    /// <summary>Bytes that the measurement may use.</summary>
    public long MemoryBudget { get; init; } = long.MaxValue;

    /// <summary>Whether an analysis is asked for.</summary>
    internal bool Wants(BundleAnalysis analysis) => Analyses.Contains(analysis);

    /// <summary>The number of random vectors for a model of so many parameters.</summary>
    internal int ProbesFor(long parameters) => (int)Math.Max(2, Math.Min(Probes ?? UsualProbes, parameters));

    /// <summary>
    /// Whether traces and Frobenius norms of a model of so many parameters are computed column by column.
    /// </summary>
    internal bool TracesAreExact(long parameters) => parameters <= (Probes ?? ExactParameters);

    /// <summary>Makes sure that a bundle can be measured so.</summary>
    /// <exception cref="ArgumentException">It cannot; the message says which option and how to mend it.</exception>
    internal void Validate()
    {
        RequirePositive("--steps", Steps);
        RequirePositive("--top", Top);
        if (Probes < 2)
        {
            throw new ArgumentException(
                $"--probes {Probes}: give a whole number of at least 2; one alone has no error bar"
            );
        }

        RequirePositive("--density-probes", DensityProbes);
        RequireEachOnce("--analyses", Analyses);
        RequireEachOnce("--operators", Operators);
        RequirePositive("--deflate", Outliers);
        RequirePositive("--vectors", Vectors);
        RequireEachOnce("--views", Views);
        RequireEachOnce("--batch-sizes", BatchSizes ?? [1]);
        foreach (int size in BatchSizes ?? [])
        {
            RequirePositive("--batch-sizes", size);
        }

        if (Batches < 2)
        {
            throw new ArgumentException(
                $"--batches {Batches}: give a whole number of at least 2; one alone has no spread"
            );
        }

        if (!(EigenpairTolerance > 0 && EigenpairTolerance < 1))
        {
            throw new ArgumentException(
                $"--tolerance {EigenpairTolerance}: give a number between 0 and 1, the residual bound as a share of "
                    + $"the largest |eigenvalue|"
            );
        }

        if (MemoryBudget < 1)
        {
            throw new ArgumentException("--memory-budget: give at least 1 megabyte, or leave it out");
        }
    }

    private static void RequirePositive(string option, int? value)
    {
        if (value < 1)
        {
            throw new ArgumentException($"{option} {value}: give a whole number of at least 1");
        }
    }

    private static void RequireEachOnce<T>(string option, IReadOnlyList<T> values)
    {
        if (values.Count == 0 || values.Distinct().Count() != values.Count)
        {
            throw new ArgumentException($"{option}: name at least one, each once");
        }
    }
}
