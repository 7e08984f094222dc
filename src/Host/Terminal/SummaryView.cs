using CurvatureMonitor.Contracts.Runs;
using Spectre.Console;

namespace CurvatureMonitor.Host.Terminal;

/// <summary>What a run was and what measuring it cost, shown at its end.</summary>
internal static class SummaryView
{
    internal static void Write(IAnsiConsole console, RunSummary summary)
    {
        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumns(string.Empty, string.Empty);
        void Row(string name, string value) => table.AddRow(new Text(name), new Text(value));

        Row(
            "Outcome",
            summary.Failure is null
                ? summary.Outcome.ToString().ToLowerInvariant()
                : $"{summary.Outcome.ToString().ToLowerInvariant()}: {summary.Failure}"
        );
        Row(
            "Training",
            $"{Numbers.Count(summary.Steps)} steps in {Numbers.Seconds(summary.TrainingSeconds)}, loss "
                + $"{Numbers.Plain(summary.FinalLoss)}, test accuracy {Numbers.Share(summary.FinalAccuracy)}"
        );
        Row(
            "Checkpoints",
            $"{Numbers.Count(summary.Emitted)} emitted = {Numbers.Count(summary.Measured)} measured + "
                + $"{Numbers.Count(summary.Failed)} failed + {Dropped(summary)}"
        );
        Row(
            "Measurements",
            $"{Numbers.Count(summary.Measurements)}, {Numbers.Count(summary.CurvatureProducts)} curvature products in "
                + $"{Numbers.Seconds(summary.CurvatureSeconds)}"
        );
        Row(
            "Cost",
            $"{Numbers.Share(summary.OverheadShare)} of wall time beside training, "
                + $"{Numbers.Seconds(summary.EmittingSeconds)} of the trainer's own time for snapshots, "
                + $"{Numbers.Bytes(summary.PeakBytes)} at most"
        );
        console.WriteLine();
        console.Write(table);
    }

    private static string Dropped(RunSummary summary)
    {
        string reasons = string.Join(
            ", ",
            summary.Dropped.Select(pair => $"{Numbers.Count(pair.Value)} {pair.Key.ToString().ToLowerInvariant()}")
        );
        return $"{Numbers.Count(summary.Dropped.Values.Sum())} dropped{(reasons.Length > 0 ? $" ({reasons})" : "")}";
    }
}
