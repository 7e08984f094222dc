using System.CommandLine;
using CurvatureMonitor.Host.Doctor;
using CurvatureMonitor.Host.Terminal;
using Spectre.Console;

namespace CurvatureMonitor.Host.Commands;

/// <summary>
/// <c>curvature doctor</c>: what this machine has and lacks. Exit code 1 when nothing can be measured here.
/// </summary>
internal static class DoctorCommand
{
    internal static Command Create()
    {
        var command = new Command(
            "doctor",
            "What this machine has and lacks: libtorch, devices, threads, optional tools."
        );
        command.SetAction(
            async (_, cancellation) =>
            {
                var findings = await Examination.RunAsync(cancellation).ConfigureAwait(false);
                AnsiConsole.Write(CheckResultsView.Draw(findings));
                return findings.Any(finding => finding.Verdict == Verdict.Broken) ? ExitCodes.Failed : ExitCodes.Done;
            }
        );
        return command;
    }
}
