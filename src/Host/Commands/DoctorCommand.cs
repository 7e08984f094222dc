using System.CommandLine;
using CurvatureMonitor.Host.Doctor;
using Spectre.Console;

namespace CurvatureMonitor.Host.Commands;

/// <summary><c>curvature doctor</c>: what this machine has and lacks. Exit code 1 when nothing can be measured here.</summary>
internal static class DoctorCommand
{
    internal static Command Create()
    {
        var command = new Command("doctor", "What this machine has and lacks: libtorch, BLAS, devices, threads, optional tools.");
        command.SetAction(async (_, cancellation) =>
        {
            var findings = await Examination.RunAsync(cancellation).ConfigureAwait(false);
            AnsiConsole.Write(Draw(findings));
            return findings.Any(finding => finding.Verdict == Verdict.Broken) ? ExitCodes.Failed : ExitCodes.Done;
        });
        return command;
    }

    private static Table Draw(IReadOnlyList<Finding> findings)
    {
        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumns(string.Empty, string.Empty, string.Empty);
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
