namespace CurvatureMonitor.Actors.Runtime;

/// <summary>The names of the kinds of actors, in metrics and paths.</summary>
internal static class ActorNames
{
    public const string Trainer = "trainer";
    public const string Intake = "intake";
    public const string Run = "run";
    public const string Runs = "runs";
    public const string Curvature = "curvature";
    public const string Board = "curvature_pool";
    public const string Workers = "curvature_actors";
    public const string Metrics = "metrics";

    /// <summary>Every kind.</summary>
    public static IReadOnlyList<string> All { get; } = [Trainer, Intake, Run, Runs, Curvature, Board, Metrics];
}
