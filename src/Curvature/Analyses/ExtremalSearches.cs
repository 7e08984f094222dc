using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Curvature.Krylov;

namespace CurvatureMonitor.Curvature.Analyses;

/// <summary>How searches for the ends of a spectrum are made within the memory that there is.</summary>
internal static class ExtremalSearches
{
    // Vectors that fit into so many bytes are held where the settings name no number: fewer would only mean more
    // restarts.
    private const long GenerousBytes = 1L << 28;
    private const int DefaultVectors = 40;

    /// <summary>Vectors that a search cannot do without.</summary>
    internal static int MinimumVectors(int top, int bottom) => top + bottom + 6;

    /// <summary>
    /// A search for repeated eigenvalues too. Memory bounds the vectors that are held, never the products: a search
    /// that runs out of room restarts.
    /// </summary>
    /// <exception cref="CurvatureException">There is no room for the fewest vectors.</exception>
    internal static ExtremalOptions Options(AnalysisContext context, int top, int bottom, double tolerance)
    {
        var (settings, plan) = (context.Settings, context.Plan);
        var fewest = MinimumVectors(top, bottom);
        if (plan.Vectors < fewest)
        {
            throw new CurvatureException(
                $"a search for {top} + {bottom} eigenvalues needs {fewest} vectors of {context.Parameters} numbers, "
                    + $"and there is room for {plan.Vectors}; raise --memory-budget or --vectors, or ask for fewer"
            );
        }

        var generous = Math.Clamp(
            GenerousBytes / (Precision.Bytes(context.Linearization.ElementType) * context.Parameters),
            DefaultVectors,
            AnalysisSettings.DefaultMaximumSteps
        );
        return new ExtremalOptions
        {
            Top = top,
            Bottom = bottom,
            Tolerance = tolerance,
            MaximumSteps = settings.LanczosSteps ?? Math.Max(AnalysisSettings.DefaultMaximumSteps, 50 * (top + bottom)),
            MaximumVectors = (int)
                Math.Min(plan.Vectors, Math.Max(Math.Max(generous, fewest), settings.Vectors ?? (2L * fewest))),
            Seed = settings.Seed,
            ComputeVectors = false,
            SearchComplement = true,
        };
    }

    /// <summary>A search for one eigenvalue of a part or a transformation of an operator.</summary>
    internal static ExtremalOptions Single(AnalysisSettings settings) =>
        new()
        {
            Tolerance = settings.Tolerance,
            MaximumSteps = settings.MaximumSteps,
            Seed = settings.Seed,
        };
}
