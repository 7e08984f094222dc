using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Storage;
using CurvatureMonitor.Storage.Bundles;

namespace CurvatureMonitor.Actors.Requests;

/// <summary>Sees, before a run starts, that its model has the modules that are to be measured.</summary>
internal static class RequestedModules
{
    /// <summary>Refuses a run whose model does not have them.</summary>
    /// <param name="request">The run.</param>
    /// <param name="parameters">The parameters of its model that are measured.</param>
    /// <exception cref="UserErrorException">A pattern names no parameter, or two name the same ones.</exception>
    internal static void Require(MonitoringRequest request, IReadOnlyList<TensorSlot> parameters)
    {
        if (Measures(request))
        {
            _ = ModuleSelection.Of(request.Settings.Modules, parameters);
        }
    }

    /// <summary>
    /// A run from outside as it can be measured. What its own bundle asks for its model must have; the patterns of a
    /// server are for all of its runs, and those that this model does not have are left out.
    /// </summary>
    /// <param name="request">The run.</param>
    /// <param name="parameters">The parameters of its model that are measured.</param>
    /// <returns>The request, and one line about what was left out, or null.</returns>
    /// <exception cref="BundleException">The bundle asks for modules that its model does not have.</exception>
    internal static (IntakeRequest Request, string? Note) Fit(
        IntakeRequest request,
        IReadOnlyList<TensorSlot> parameters
    )
    {
        RequireOwn(request.Bundle, parameters);
        if (!Measures(request) || request.Settings.Modules is not { } patterns)
        {
            return (request, null);
        }

        var fitting = ModuleSelection.Fitting(patterns, parameters);
        if (fitting.Count == patterns.Count)
        {
            return (request, null);
        }

        var gone = string.Join(", ", patterns.Except(fitting, StringComparer.Ordinal).Take(3));
        return (
            request with
            {
                Settings = request.Settings with { Modules = fitting.Count == 0 ? null : fitting },
            },
            fitting.Count == 0
                ? $"the patterns of modules ({gone}) name nothing that its model has: its own modules are measured"
                : $"some patterns of modules ({gone}) name nothing new in its model, and are left out"
        );
    }

    private static void RequireOwn(RunBundle bundle, IReadOnlyList<TensorSlot> parameters)
    {
        try
        {
            if (bundle.Manifest.Monitoring.Modules is { } own)
            {
                _ = ModuleSelection.Of(own, parameters);
            }
        }
        catch (UserErrorException problem)
        {
            throw new BundleException(
                Path.Combine(bundle.Directory, RunManifest.FileName),
                "monitoring.modules",
                $"cannot be measured ({problem.Message})",
                "name modules of the model, or leave it out",
                problem
            );
        }
    }

    private static bool Measures(MonitoringRequest request) =>
        request.Analyses.Any(cadence => cadence.Kind == AnalysisKind.Modules);
}
