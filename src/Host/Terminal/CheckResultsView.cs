using CurvatureMonitor.Host.Doctor;
using Spectre.Console;

namespace CurvatureMonitor.Host.Terminal;

/// <summary>Findings as people read them: a sign, what was looked at, what was found.</summary>
internal static class CheckResultsView
{
    internal static Table Draw(IReadOnlyList<CheckResult> findings)
    {
        var table = new Table()
            .Border(TableBorder.None)
            .HideHeaders()
            .AddColumns(string.Empty, string.Empty, string.Empty);
        foreach (var finding in findings)
        {
            var (sign, colour) = finding.Verdict switch
            {
                Verdict.Good => ("ok", "green"),
                Verdict.Absent => ("–", "grey"),
                Verdict.Warning => ("slow", "yellow"),
                _ => ("broken", "red"),
            };
            table.AddRow(new Markup($"[{colour}]{sign}[/]"), new Text(finding.Subject), new Text(finding.Detail));
        }

        return table;
    }
}
