using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace CurvatureMonitor.Host.Terminal;

/// <summary>
/// Shows a run while it continues: a table that redraws itself where the terminal can, and a line for each measured
/// checkpoint where it cannot (a file, a pipe).
/// </summary>
internal sealed class LiveView(IAnsiConsole console, TerminalObserver observer, string address)
{
    private const int VisibleRows = 14;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);
    private static readonly string[] Headings =
    [
        "step",
        "loss",
        "accuracy",
        "λ1 Hessian ± residual",
        "λ1 Gauss-Newton ± residual",
        "limit",
        "λ1/limit",
        "lag",
        "dropped",
    ];

    private readonly List<MeasuredRow> _rows = [];
    private readonly List<string> _notes = [];

    /// <summary>
    /// Shows until <paramref name="finished"/> is done; everything that came before it has then been shown.
    /// </summary>
    internal Task RunAsync(Task finished) =>
        console.Profile.Capabilities.Ansi && console.Profile.Out.IsTerminal
            ? RedrawAsync(finished)
            : PrintAsync(finished);

    private static string[] Cells(MeasuredRow row) =>
        [
            Numbers.Count(row.Step),
            Numbers.Plain(row.Loss),
            Numbers.Share(row.Accuracy),
            Numbers.WithError(row.Hessian),
            Numbers.WithError(row.GaussNewton),
            Numbers.Plain(row.Limit),
            Numbers.Ratio(row.Ratio),
            Numbers.Count(row.LagSteps),
            Numbers.Count(row.Dropped),
        ];

    private static string Headline(TrainingStatus training) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"step {training.Step} of {training.Steps}   loss {Numbers.Plain(training.Loss)}   test accuracy "
                + $"{Numbers.Share(training.Accuracy)}   learning rate {Numbers.Plain(training.LearningRate)}   "
                + $"measured {training.Measured}   dropped {training.Dropped}"
        );

    private Task RedrawAsync(Task finished) =>
        console
            .Live(Draw(observer.Take()))
            .AutoClear(false)
            .StartAsync(async live =>
            {
                bool last;
                do
                {
                    last = finished.IsCompleted;
                    live.UpdateTarget(Draw(observer.Take()));
                    if (!last)
                    {
                        await Task.WhenAny(finished, Task.Delay(Pace)).ConfigureAwait(false);
                    }
                } while (!last);
            });

    private Rows Draw(TerminalSnapshot snapshot)
    {
        _rows.AddRange(snapshot.Rows);
        _rows.RemoveRange(0, Math.Max(0, _rows.Count - VisibleRows));
        _notes.AddRange(snapshot.Notes);
        _notes.RemoveRange(0, Math.Max(0, _notes.Count - 3));
        var table = new Table()
            .Border(TableBorder.Rounded)
            .AddColumns([.. Headings.Select(heading => new TableColumn(heading).RightAligned())]);
        foreach (var row in _rows)
        {
            table.AddRow([
                .. Cells(row)
                    .Select(
                        (cell, column) => (IRenderable)new Text(cell, column == 6 ? Colour(row.Ratio) : Style.Plain)
                    ),
            ]);
        }

        return new Rows([
            new Text(Headline(snapshot.Training)),
            table,
            .. _notes.Select(note => new Text(note, new Style(Color.Yellow))),
            new Text($"Live page: {address}"),
        ]);
    }

    // The words and edges of the live page: calm below 0.9, the edge up to 1.2, unstable beyond.
    private static Style Colour(double? ratio) =>
        ratio switch
        {
            null => Style.Plain,
            < 0.9 => new Style(Color.Green),
            <= 1.2 => new Style(Color.Yellow),
            _ => new Style(Color.Red),
        };

    private async Task PrintAsync(Task finished)
    {
        console.Profile.Out.Writer.WriteLine($"Live page: {address}");
        console.Profile.Out.Writer.WriteLine(string.Join("  ", Headings));
        bool last;
        do
        {
            last = finished.IsCompleted;
            var snapshot = observer.Take();
            foreach (var row in snapshot.Rows)
            {
                console.Profile.Out.Writer.WriteLine(
                    string.Join("  ", Cells(row).Select((cell, column) => cell.PadLeft(Headings[column].Length)))
                );
            }

            foreach (string note in snapshot.Notes)
            {
                console.Profile.Out.Writer.WriteLine(note);
            }

            if (!last)
            {
                await Task.WhenAny(finished, Task.Delay(Pace)).ConfigureAwait(false);
            }
        } while (!last);
    }
}
