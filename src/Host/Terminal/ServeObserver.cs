using System.Globalization;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Events;

namespace CurvatureMonitor.Host.Terminal;

/// <summary>A line for what happens to the runs of a server; what is wrong goes to standard error.</summary>
internal sealed class ServeObserver(TextWriter output) : IMonitorObserver
{
    /// <summary>Says what is wrong, in one line.</summary>
    internal static void Notice(string line) => Console.Error.WriteLine($"curvature: {line}");

    public void OnEvent(MonitorEvent monitorEvent)
    {
        if (Line(monitorEvent) is { } line)
        {
            output.WriteLine($"{monitorEvent.Run}: {line}");
        }
    }

    public void OnReplayed(MonitorEvent monitorEvent)
    {
        // It was said when it happened.
    }

    private static string Counted(long? number) => number is { } known ? Numbers.Count(known) : Numbers.Unknown;

    private static string? Line(MonitorEvent monitorEvent) =>
        monitorEvent switch
        {
            RunStarted started => $"started, {Counted(started.Description.Parameters)} parameters, "
                + $"{Counted(started.Description.ProbeSamples)} samples",
            CheckpointMeasured { Analysis: not (AnalysisKind.Spectrum or AnalysisKind.Sharpness) } other =>
                $"step {Step(other.Step)}: {other.Analysis.Label()}",
            CheckpointMeasured measured =>
                $"step {Step(measured.Step)}: {measured.Analysis.Label()}, {Eigenvalues(measured)}{Ratio(measured)}",
            AnalysisFailed failed =>
                $"step {Step(failed.Step)}: {failed.Analysis.Label()} failed ({failed.Reason}): {failed.Message}",
            TrainerSilent silent =>
                $"nothing heard from its trainer for {Numbers.Seconds(silent.Seconds)}; the run counts as stale",
            TrainerHeard => "its trainer is heard again",
            TrainingDiverged diverged => $"step {Step(diverged.Step)}: the training has diverged: {diverged.What}",
            TrainingRecovered recovered => $"step {Step(recovered.Step)}: loss and parameters are finite again",
            RunBranched branched =>
                $"taken up again from an earlier step: branch {branched.Branch} begins at step {Step(branched.Step)}",
            ActorRestarted restarted => $"actor {restarted.Actor} was restarted: {restarted.Message}",
            RunEnded { Summary: var summary } => string.Create(
                CultureInfo.InvariantCulture,
                $"{summary.Outcome.ToString().ToLowerInvariant()}, {summary.Emitted} emitted = {summary.Measured} "
                    + $"measured + {summary.Failed} failed + {summary.Dropped.Values.Sum()} "
                    + $"dropped{(summary.Failure is null ? "" : ": " + summary.Failure)}"
            ),
            _ => null,
        };

    private static string Step(long step) => step.ToString(CultureInfo.InvariantCulture);

    private static string Eigenvalues(CheckpointMeasured measured) =>
        string.Join(
            ", ",
            measured.Measurements.Select(m => $"λ1({m.Provenance.Operator.Label()}) = {Numbers.WithError(m.LambdaMax)}")
        );

    private static string Ratio(CheckpointMeasured measured) =>
        measured.Stability is { } stability ? $", λ1/limit = {Numbers.Ratio(stability.Ratio)}" : "";
}
