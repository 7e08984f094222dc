using System.Text.Json;
using CurvatureMonitor.Contracts.Analyses;

namespace CurvatureMonitor.Storage.Bundles;

/// <summary>How a run asks to be measured, as JSON.</summary>
internal static class MonitoringJson
{
    // A basis of more vectors than this fits no machine for any model worth watching.
    private const int LargestLanczosSteps = 10_000;

    public static MonitoringDescription Read(JsonFields json)
    {
        string[]? analyses = json.OptionalTexts("analyses");
        if (analyses is not null && (analyses.Length == 0 || analyses.Distinct().Count() != analyses.Length))
        {
            throw json.Wrong("analyses", "is empty or names one twice", "name at least one, each once");
        }

        string[]? modules = json.OptionalTexts("modules");
        if (ModuleSelection.Complaint(modules) is { } complaint)
        {
            throw json.Wrong("modules", "cannot be used", complaint);
        }

        if (json.OptionalNumber("overhead_budget", least: 0) is 0)
        {
            throw json.Wrong("overhead_budget", "is 0", "write a share above 0, such as 0.5");
        }

        return new MonitoringDescription
        {
            Analyses = analyses,
            Modules = modules,
            Every = (int?)json.OptionalWhole("every", 1, int.MaxValue),
            OverheadBudget = json.OptionalNumber("overhead_budget", least: 0),
            LanczosSteps = (int?)json.OptionalWhole("lanczos_steps", 1, LargestLanczosSteps),
        };
    }

    public static void Write(Utf8JsonWriter json, MonitoringDescription monitoring)
    {
        json.WriteOptional("analyses", monitoring.Analyses);
        json.WriteOptional("modules", monitoring.Modules);
        json.WriteOptional("every", monitoring.Every);
        json.WriteOptional("overhead_budget", monitoring.OverheadBudget);
        json.WriteOptional("lanczos_steps", monitoring.LanczosSteps);
    }
}
