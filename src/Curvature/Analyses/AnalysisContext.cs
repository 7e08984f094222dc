using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Stability;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Analyses;

/// <summary>
/// Everything that the analyses of one checkpoint share: the objective linearized at it, the settings, and the spectra
/// that one of them measures and others use. One thread at a time.
/// </summary>
public sealed partial class AnalysisContext : IDisposable
{
    private readonly Dictionary<OperatorKind, KrylovFindings> _findings = [];
    private readonly Dictionary<OperatorKind, StochasticTraceResult> _estimates = [];
    private IReadOnlyDictionary<OperatorKind, StochasticTraceResult>? _traces;

    /// <summary>The objective at θ; stays its creator's to dispose.</summary>
    public required Linearization Linearization { get; init; }

    /// <summary>The checkpoint that it was linearized at.</summary>
    public required MeasuredCheckpoint Checkpoint { get; init; }

    /// <summary>How to measure.</summary>
    public required AnalysisSettings Settings { get; init; }

    /// <summary>The vectors of earlier checkpoints of the run.</summary>
    public required AnalysisMemory Memory { get; init; }

    /// <summary>The analyses that will be made: they decide whether a spectrum keeps its vectors.</summary>
    public required IReadOnlyCollection<AnalysisKind> Analyses { get; init; }

    /// <summary>The run's optimiser.</summary>
    public required OptimizerDescription Optimizer { get; init; }

    /// <summary>The clock that costs are measured with.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>
    /// Makes objectives of chosen samples (numbers from 0) for a batch size; null where single batches of the probe set
    /// cannot be had.
    /// </summary>
    public Func<long[], int, Objective>? Batches { get; init; }

    /// <summary>Notified of what is being measured.</summary>
    public IAnalysisProgress Progress { get; init; } = SilentProgress.Instance;

    /// <summary>Observed before every curvature product.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>P.</summary>
    public long Parameters => Linearization.ParameterCount;

    /// <summary>How far Lanczos goes with the memory that there is.</summary>
    public KrylovPlan Plan => field ??= KrylovPlan.Of(Settings, Parameters, Precision.Bytes(Linearization.ElementType));

    /// <summary>
    /// η at the checkpoint: its own, or that of the training's description; null where neither has it.
    /// </summary>
    public double? LearningRate => Optimizer.LearningRateAt(Checkpoint.LearningRate);

    /// <summary>
    /// Whether samples or micro-batches can be told apart. Batch norm in train mode leaves no sample alone: what is
    /// left is the spread between micro-batches, and one batch has none.
    /// </summary>
    public bool HasSpread =>
        !(
            Linearization.Objective.CouplesSamples
            && Linearization.MicroBatches < 2
        );

    /// <summary>The modules whose blocks are measured; none where they are not.</summary>
    /// <exception cref="AnalysisRefusedException">The settings name modules that the model does not have.</exception>
    internal ModuleSelection Modules =>
        field ??= Analyses.Contains(AnalysisKind.Modules)
            ? ModulesAnalysis.Select(Settings, Linearization.Objective.Parameters)
            : new ModuleSelection([], 0);

    /// <summary>The statistics of the objective.</summary>
    internal CurvatureStatistics Statistics => field ??= new CurvatureStatistics(Linearization, Time);

    /// <summary>The spectra of the objective.</summary>
    internal CurvatureAnalyzer Analyzer => field ??= new CurvatureAnalyzer(Linearization, Time);

    /// <summary>Begins to count what a measurement costs.</summary>
    internal CostMeter Meter() => new(Linearization, Time);

    /// <summary>Frees the vectors of every spectrum.</summary>
    public void Dispose()
    {
        foreach (var findings in _findings.Values)
        {
            findings.Dispose();
        }

        _findings.Clear();
        DisposeExact();
    }

    /// <summary>
    /// Measures every operator of the settings in turn, and frees the vectors of its spectrum before the next.
    /// </summary>
    /// <param name="measure">All that is measured of one operator.</param>
    /// <typeparam name="T">The result for one operator.</typeparam>
    public IReadOnlyList<T> PerOperator<T>(Func<OperatorKind, T> measure)
    {
        ArgumentNullException.ThrowIfNull(measure);
        var results = new List<T>();
        foreach (var kind in Settings.Operators)
        {
            results.Add(measure(kind));
            Forget(kind);
        }

        return results;
    }

    /// <summary>The spectrum of one operator; measured when it is asked for first.</summary>
    internal KrylovFindings Krylov(OperatorKind kind) =>
        _findings.TryGetValue(kind, out var found) ? found : _findings[kind] = Find(kind);

    /// <summary>
    /// The Ritz vectors that the probes of traces and variances leave out, and the cost of finding them; none where the
    /// settings ask for none. Any vectors do: those that are no eigenvectors yet leave less to chance, too.
    /// </summary>
    internal (IReadOnlyList<Vector> Vectors, MeasurementCost Cost) Deflation(OperatorKind kind)
    {
        if (Settings.DeflatedEigenvectors == 0)
        {
            return ([], MeasurementCost.None);
        }

        var found = Krylov(kind);
        return ([.. found.Vectors.Take(Settings.DeflatedEigenvectors)], found.TakeCost());
    }

    /// <summary>
    /// The exact traces of one operator and the cost of the sweep that gave those of all operators, once; null where
    /// the model is too large for them.
    /// </summary>
    internal (StochasticTraceResult Result, MeasurementCost Cost)? ExactTraces(OperatorKind kind)
    {
        if (!Settings.TracesAreExact(Parameters))
        {
            return null;
        }

        if (_traces is not null)
        {
            return (_traces[kind], MeasurementCost.None);
        }

        Progress.Begin($"exact traces, {Parameters} columns");
        var meter = Meter();
        (_traces, var products) = CurvatureMonitor.Curvature.Statistics.ExactTraces.Compute(
            Linearization,
            Settings.Operators,
            Modules.Groups,
            Cancellation
        );
        return (_traces[kind], meter.Cost(products));
    }

    /// <summary>
    /// The traces of one operator, of layers and modules too, and their cost: nothing where another analysis has paid
    /// it.
    /// </summary>
    internal (StochasticTraceResult Result, MeasurementCost Cost) Traces(OperatorKind kind)
    {
        if (ExactTraces(kind) is { } exact)
        {
            return exact;
        }

        if (_estimates.TryGetValue(kind, out var known))
        {
            return (known, MeasurementCost.None);
        }

        var probes = Settings.ProbesFor(Parameters);
        var (deflation, spent) = Deflation(kind);
        Progress.Begin($"{kind.Label()} trace, {probes} probes");
        var options = new TraceOptions { Probes = probes, Seed = Settings.Seed };
        var (result, cost) = new TraceStatistics(Linearization, Time).Estimate(
            kind,
            options,
            deflation,
            Modules.Groups,
            Cancellation
        );
        _estimates[kind] = result;
        return (result, cost + spent);
    }

    /// <summary>Makes sure that a spread over samples can be measured.</summary>
    /// <exception cref="AnalysisRefusedException">It cannot.</exception>
    internal void RequireSpread()
    {
        if (!HasSpread)
        {
            throw new AnalysisRefusedException(
                "no variance: batch norm in mode train leaves no sample alone, and one micro-batch has no spread; "
                    + "lower micro_batch or measure in mode eval"
            );
        }
    }
}
