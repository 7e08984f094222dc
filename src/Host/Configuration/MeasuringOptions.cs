using CurvatureMonitor.Actors.Requests;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Host.Configuration.Rules;

namespace CurvatureMonitor.Host.Configuration;

/// <summary>How runs are measured while they train.</summary>
[Section("measuring")]
internal class MeasuringOptions
{
    /// <summary>
    /// The analyses. By default the spectrum of every checkpoint, which has the stability ratio, and now and then what
    /// changes slowly: a trace and a tracking cost about one spectrum, a variance two or three, so that all of them
    /// together cost some third more than spectra alone.
    /// </summary>
    [Option("--analyses", "Analyses, with commas between: {words}; " + "trace:5 is a trace of every fifth checkpoint.")]
    [Cadences]
    public string Analyses { get; set; } = "spectrum,gradient:4,trace:8,tracking:8,variance:32";

    /// <summary>The operators.</summary>
    [Option("--operators", "Of {words}, with commas between.")]
    [Words<OperatorKind>(Several = true)]
    public string Operators { get; set; } = "hessian,ggn";

    /// <summary>Lanczos steps a spectrum.</summary>
    [Option("--lanczos-steps", "Lanczos steps a spectrum.")]
    [WholeNumber(1, int.MaxValue)]
    public int LanczosSteps { get; set; } = 32;

    /// <summary>Random probes of a trace and of a variance; <see cref="DefaultProbes"/> where null.</summary>
    [Option(
        "--probes",
        "Random probes of a trace and of a variance; without it 8 (4 in demo), and exact traces for models of at most "
            + "2500 parameters."
    )]
    [WholeNumber(2, int.MaxValue)]
    public int? Probes { get; set; }

    /// <summary>Patterns of the modules whose blocks are measured; the model's own modules where null.</summary>
    [Option(
        "--modules",
        "Patterns of modules and parameters, with * and ? and commas between (layer1,*.attention,head.*), whose blocks "
            + "modules measures, of every eighth checkpoint unless --analyses says otherwise; without it every module "
            + "that has parameters (16 at most)."
    )]
    [ModulePatterns]
    public string? Modules { get; set; }

    /// <summary>Random probes where nothing is said.</summary>
    protected virtual int DefaultProbes => 8;

    /// <summary>The overhead budget. By default half of the time is left to whoever else computes here.</summary>
    [Option(
        "--overhead-budget",
        "Seconds of measuring that a second of wall time may cost a run, or none for no limit; all analyses but the "
            + "first share half of it. With --listen there is none, where nothing is said."
    )]
    [OverheadBudget]
    public string OverheadBudget { get; set; } = "0.5";

    /// <summary>Curvature actors.</summary>
    [Option("--curvature-actors", "Curvature actors, each with a thread of its own.")]
    [WholeNumber(1, 1024)]
    public int CurvatureActors { get; set; } = 1;

    /// <summary>The overhead budget; null for none.</summary>
    internal double? Budget => OverheadBudgetAttribute.Parse(OverheadBudget);

    /// <summary>The analyses with their cadences.</summary>
    /// <param name="every">n, where every n-th checkpoint is measured at all.</param>
    internal IReadOnlyList<AnalysisCadence> CadencesOf(int every = 1)
    {
        var cadences = CadencesAttribute.Parse(Analyses, every);
        return Modules is null ? cadences : AnalysisCadence.WithModules(cadences, every);
    }

    /// <summary>How checkpoints are measured.</summary>
    /// <param name="seed">Seed of everything random.</param>
    internal AnalysisSettings Settings(long seed) =>
        new()
        {
            Operators = Words.All<OperatorKind>(Operators),
            LanczosSteps = LanczosSteps,
            Probes = Probes ?? DefaultProbes,

            // Whoever names a number of random vectors wants them.
            ExactParameters = Probes is null ? AnalysisSettings.DefaultExactParameters : 0,
            Modules = Modules is { } patterns ? ModulePatternsAttribute.Parse(patterns) : null,
            Seed = seed,
        };

    /// <summary>The settings of the monitor.</summary>
    /// <param name="compute">What it may use.</param>
    internal MonitorOptions Monitor(ComputeOptions compute) =>
        new()
        {
            CurvatureActors = CurvatureActors,
            Threads = compute.Threads,
            MemoryBudgetBytes = compute.MemoryBudgetBytes,
        };
}
