using CurvatureMonitor.Contracts.Analyses;

namespace CurvatureMonitor.Curvature.Analyses;

/// <summary>How far Lanczos goes with the memory that there is.</summary>
/// <param name="Steps">Steps of a spectrum at most.</param>
/// <param name="Wanted">Steps that were asked for, or that a converged spectrum may take.</param>
/// <param name="Reorthogonalise">Whether the vectors are kept; without, memory does not grow with the steps.</param>
/// <param name="Vectors">Vectors that a search for eigenvalues may hold.</param>
public sealed record KrylovPlan(int Steps, int Wanted, bool Reorthogonalise, int Vectors)
{
    /// <summary>
    /// A density of fewer steps tells too little: below this, more steps without reorthogonalisation tell more.
    /// </summary>
    public const int MinimumSteps = 50;

    /// <summary>Steps without reorthogonalisation where the settings name no number.</summary>
    public const int FastSteps = 100;

    /// <summary>The plan for vectors of <paramref name="parameters"/> numbers.</summary>
    /// <param name="settings">Steps, vectors and the bytes of a basis.</param>
    /// <param name="parameters">P.</param>
    /// <param name="bytesPerNumber">Bytes of one number of a vector.</param>
    public static KrylovPlan Of(AnalysisSettings settings, long parameters, long bytesPerNumber)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var fit = (int)Math.Min(int.MaxValue, settings.BasisBytes / (bytesPerNumber * Math.Max(1, parameters)));
        var wanted = (int)Math.Min(settings.MaximumSteps, parameters);
        var vectors = settings.Vectors is { } named ? Math.Min(named, fit) : fit;
        if (!settings.Fast && fit >= Math.Min(wanted, MinimumSteps))
        {
            return new KrylovPlan(Math.Min(wanted, fit), wanted, Reorthogonalise: true, vectors);
        }

        var steps = (int)Math.Min(settings.LanczosSteps ?? FastSteps, parameters);
        return new KrylovPlan(steps, steps, Reorthogonalise: false, vectors);
    }

    /// <summary>The consequence of the memory limit that a user must know; null where everything fits.</summary>
    /// <param name="settings">The settings that the plan was made of.</param>
    public string? Note(AnalysisSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return !Reorthogonalise && !settings.Fast
                ? $"the memory budget holds {Math.Max(0, Vectors)} Lanczos vectors: the density is measured by {Steps} "
                    + $"steps without reorthogonalisation; raise --memory-budget for more"
            : Steps < Wanted
                ? $"the memory budget holds {Steps} Lanczos vectors: at most {Steps} steps instead of {Wanted}; raise "
                    + $"--memory-budget for more"
            : null;
    }
}
