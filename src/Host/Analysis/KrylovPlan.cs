namespace CurvatureMonitor.Host.Analysis;

/// <summary>How far Lanczos goes with the memory that there is.</summary>
/// <param name="Steps">Steps of a spectrum at most.</param>
/// <param name="Wanted">Steps that were asked for, or that a converged spectrum may take.</param>
/// <param name="Reorthogonalise">Whether the vectors are kept; without, memory does not grow with the steps.</param>
/// <param name="Vectors">Vectors that a search for eigenvalues may hold.</param>
internal sealed record KrylovPlan(int Steps, int Wanted, bool Reorthogonalise, int Vectors)
{
    /// <summary>
    /// A density of fewer steps tells too little: below this, more steps without reorthogonalisation tell more.
    /// </summary>
    internal const int LeastSteps = 50;

    /// <summary>Steps without reorthogonalisation where the user names no number.</summary>
    internal const int FastSteps = 100;

    /// <summary>The plan for vectors of so many bytes.</summary>
    internal static KrylovPlan Of(AnalysisRequest request, MemoryShares memory, long parameters, long bytesPerNumber)
    {
        int fit = (int)Math.Min(int.MaxValue, memory.BasisBytes / (bytesPerNumber * Math.Max(1, parameters)));
        int wanted = (int)Math.Min(request.Steps ?? AnalysisRequest.MostSteps, parameters);
        int vectors = request.Vectors is { } named ? Math.Min(named, fit) : fit;
        if (!request.Fast && fit >= Math.Min(wanted, LeastSteps))
        {
            return new KrylovPlan(Math.Min(wanted, fit), wanted, Reorthogonalise: true, vectors);
        }

        int steps = (int)Math.Min(request.Steps ?? FastSteps, parameters);
        return new KrylovPlan(steps, steps, Reorthogonalise: false, vectors);
    }

    /// <summary>What a user must know of it; null where everything fits.</summary>
    internal string? Note(AnalysisRequest request) =>
        !Reorthogonalise && !request.Fast
            ? $"the memory budget holds {Math.Max(0, Vectors)} Lanczos vectors: the density is measured by {Steps} "
                + $"steps without reorthogonalisation; raise --memory-budget for more"
        : Steps < Wanted
            ? $"the memory budget holds {Steps} Lanczos vectors: at most {Steps} steps instead of {Wanted}; raise "
                + $"--memory-budget for more"
        : null;
}
