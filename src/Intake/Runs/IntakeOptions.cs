using CurvatureMonitor.Actors.Requests;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Storage;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Storage.Stores;

namespace CurvatureMonitor.Intake.Runs;

/// <summary>How runs from outside are measured and kept.</summary>
internal sealed record IntakeOptions
{
    /// <summary>The analyses of a run that does not ask for its own.</summary>
    public IReadOnlyList<AnalysisCadence> Analyses { get; init; } = [new(AnalysisKind.Spectrum)];

    /// <summary>How they are made.</summary>
    public AnalysisSettings Settings { get; init; } = new();

    /// <summary>The most seconds of measuring that a second of wall time may cost a run; no limit where null.</summary>
    public double? OverheadBudget { get; init; }

    /// <summary>Where to measure.</summary>
    public Device Device { get; init; } = Device.Cpu;

    /// <summary>The element type to compute in; null for that of a run's probe set.</summary>
    public ElementType? ElementType { get; init; }

    /// <summary>
    /// How often watched folders are looked at. Notifications come sooner, where the file system has them.
    /// </summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long metrics show a run after its end.</summary>
    public TimeSpan GracePeriod { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// For how long nothing may come from a run's trainer before the run counts as stale, where its pace does not
    /// explain it.
    /// </summary>
    public TimeSpan StaleAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>What is kept of the checkpoints that come over HTTP.</summary>
    public BundleRetention Retention { get; init; } = new();

    /// <summary>The most bytes of a model or a probe set that come over HTTP.</summary>
    public long MaximumUpload { get; init; } = 4_000_000_000;

    /// <summary>How a run is measured: as its bundle asks, within what the server allows.</summary>
    /// <exception cref="BundleException">It asks for an analysis that is not known.</exception>
    internal IntakeRequest RequestFor(RunBundle bundle)
    {
        var asked = bundle.Manifest.Monitoring;
        AnalysisCadence[] analyses =
        [
            .. asked.Analyses is { } names
                ? names.Select(name => Asked(Kind(bundle, name), asked.Every))
                : Analyses.Select(cadence => Default(cadence, asked.Every)),
        ];
        return new IntakeRequest
        {
            Run = bundle.Manifest.Run,
            Bundle = bundle,
            Analyses = asked.Modules is null
                ? analyses
                : AnalysisCadence.WithModules(analyses, analyses.Min(cadence => cadence.Every)),
            Settings = Settings with
            {
                LanczosSteps = asked.LanczosSteps ?? Settings.LanczosSteps,
                Modules = asked.Modules ?? Settings.Modules,
            },
            OverheadBudget = (asked.OverheadBudget, OverheadBudget) is ({ } own, { } most)
                ? Math.Min(own, most)
                : asked.OverheadBudget ?? OverheadBudget,
            Device = Device,
            ElementType = ElementType,
            StaleAfter = StaleAfter,
        };
    }

    // What a run names it has at its own pace, else at the server's for that analysis.
    private AnalysisCadence Asked(AnalysisKind kind, int? every) =>
        new(kind, every ?? Analyses.FirstOrDefault(cadence => cadence.Kind == kind, Analyses[0]).Every);

    // A run that asks for every n-th checkpoint alone has the server's analyses, the rarer ones as much rarer.
    private AnalysisCadence Default(AnalysisCadence cadence, int? every) =>
        every is { } own
            ? cadence with
            {
                Every = own * (cadence.Every / Analyses.Min(other => other.Every)),
            }
            : cadence;

    private static AnalysisKind Kind(RunBundle bundle, string name)
    {
        var known = AnalysisKindNames.Live;
        return known.TryGetValue(name, out var kind)
            ? kind
            : throw new BundleException(
                Path.Combine(bundle.Directory, RunManifest.FileName),
                "monitoring.analyses",
                $"holds '{name}'",
                $"choose from {string.Join(", ", known.Keys)}"
            );
    }
}
