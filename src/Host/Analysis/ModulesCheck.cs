using System.Globalization;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Host.Doctor;

namespace CurvatureMonitor.Host.Analysis;

/// <summary>Whether a bundle's model has the modules that it asks to be measured.</summary>
internal static class ModulesCheck
{
    private const int Listed = 8;

    /// <summary>The finding; null where it asks for none.</summary>
    /// <param name="probe">The bundle.</param>
    internal static CheckResult? Of(BundleProbe probe)
    {
        const string subject = "modules";
        if (probe.Bundle.Manifest.Monitoring.Modules is not { } patterns)
        {
            return null;
        }

        try
        {
            var groups = ModuleSelection.Of(patterns, probe.Objective.Parameters).Groups;
            var named = groups
                .Take(Listed)
                .Select(group =>
                    string.Create(CultureInfo.InvariantCulture, $"{group.Name} ({group.Parameters:N0} parameters)")
                );
            return new CheckResult(
                subject,
                Verdict.Good,
                string.Join(", ", named) + (groups.Count > Listed ? " …" : string.Empty)
            );
        }
        catch (UserErrorException problem)
        {
            // All else of the bundle can be measured.
            return new CheckResult(
                subject,
                Verdict.Warning,
                $"serve refuses the run: monitoring.modules of run.json cannot be measured ({problem.Message})"
            );
        }
    }
}
