using System.CommandLine;
using CurvatureMonitor.Host.Configuration;
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
        var command = new ConfiguredCommand(
            "doctor",
            "What this machine has and lacks: libtorch, devices, threads, optional tools, credentials of a cluster.",
            typeof(CredentialsOptions)
        );
        command.SetAction(
            async (options, cancellation) =>
            {
                var findings = await Examination.RunAsync(cancellation).ConfigureAwait(false);
                if (options.Get<CredentialsOptions>().Credentials is { } folder)
                {
                    findings = [.. findings, CredentialsExamination.Run(folder, TimeProvider.System)];
                }

                AnsiConsole.Write(CheckResultsView.Draw(findings));
                return findings.Any(finding => finding.Verdict == Verdict.Broken) ? ExitCodes.Failed : ExitCodes.Done;
            }
        );
        return command;
    }
}
