using CurvatureMonitor.Actors.Intake;
using CurvatureMonitor.Actors.Monitoring;
using CurvatureMonitor.Actors.Pool;
using CurvatureMonitor.Actors.Runs;
using CurvatureMonitor.Actors.Trainers;

namespace CurvatureMonitor.Actors;

/// <summary>What actors are called in metrics and paths: the kind, never the one.</summary>
internal static class ActorNames
{
    public const string Trainer = "trainer";
    public const string Intake = "intake";
    public const string Run = "run";
    public const string Runs = "runs";
    public const string Curvature = "curvature";
    public const string Pool = "curvature_pool";
    public const string Metrics = "metrics";

    /// <summary>The kind of every class of actors.</summary>
    public static IReadOnlyList<(Type Class, string Name)> ByClass { get; } =
    [
        (typeof(TrainerActor), Trainer),
        (typeof(IntakeActor), Intake),
        (typeof(RunActor), Run),
        (typeof(RunsActor), Runs),
        (typeof(CurvatureActor), Curvature),
        (typeof(CurvaturePool), Pool),
        (typeof(MetricsActor), Metrics),
    ];
}
