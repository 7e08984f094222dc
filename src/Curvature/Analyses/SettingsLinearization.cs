using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Curvature.Analyses;

/// <summary>Linearizations within the memory that settings allow.</summary>
public static class SettingsLinearization
{
    /// <summary>Linearizes an objective.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="objective">The objective.</param>
    /// <param name="theta">θ [P].</param>
    /// <returns>The linearization, which the caller disposes.</returns>
    /// <exception cref="DerivativeException">libtorch refused, for example for want of memory.</exception>
    public static Linearization Linearize(this AnalysisSettings settings, Objective objective, Vector theta)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var memory = new LinearizationOptions { RetainBytes = settings.RetainBytes, LimitBytes = settings.LimitBytes };
        return new Linearization(objective, theta, memory);
    }
}
