using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Curvature.Analyses;

/// <summary>λ_max and trace of every module's diagonal block P A P, P the projection on its parameters.</summary>
public static class ModulesAnalysis
{
    /// <summary>
    /// Measures the modules of one operator: the eigenvalues by a search on each block from a cold start, so that the
    /// result depends on the checkpoint alone; the traces all from the products of the whole operator's trace.
    /// </summary>
    /// <param name="context">The checkpoint.</param>
    /// <param name="kind">Which operator.</param>
    /// <exception cref="AnalysisRefusedException">The settings name modules that the model does not have.</exception>
    /// <exception cref="CurvatureException">A product was not finite, or there is no room for a search.</exception>
    /// <exception cref="DerivativeException">libtorch refused, for example for want of memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ModulesMeasurement Measure(AnalysisContext context, OperatorKind kind)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Covering(own => Find(own, kind), RoundingBars.Widen);
    }

    /// <summary>The modules that settings name.</summary>
    /// <exception cref="AnalysisRefusedException">The model does not have them.</exception>
    internal static ModuleSelection Select(AnalysisSettings settings, IReadOnlyList<TensorSlot> parameters)
    {
        try
        {
            return ModuleSelection.Of(settings.Modules, parameters);
        }
        catch (UserErrorException exception)
        {
            throw new AnalysisRefusedException(exception.Message);
        }
    }

    private static ModulesMeasurement Find(AnalysisContext context, OperatorKind kind)
    {
        var (settings, modules) = (context.Settings, context.Modules);
        var (traces, spent) = context.Traces(kind);
        context.Progress.Begin($"{kind.Label()} sharpness of {modules.Groups.Count} modules");
        var options = ExtremalSearches.Options(context, 1, 0, settings.Tolerance) with { SearchComplement = false };
        var measured = new BlockSharpness(context.Linearization, context.Time).Measure(
            kind,
            modules.Groups,
            options,
            context.Cancellation
        );
        if (!measured.Converged)
        {
            context.Progress.Note($"{kind.Label()}: the sharpness of a module did not converge; raise --lanczos-steps");
        }

        return new ModulesMeasurement(
            [
                .. modules.Groups.Select(
                    (module, i) =>
                        new ModuleCurvature(module.Name, module.Parameters, measured.Values[i], traces.Modules[i])
                ),
            ],
            modules.LeftOut,
            measured.Converged,
            traces.Exact,
            Provenance.Of(context.Linearization, kind, measured.Steps, traces.Probes, settings.Seed),
            measured.Cost + spent
        );
    }
}
