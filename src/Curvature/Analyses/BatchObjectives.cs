using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Curvature.Analyses;

/// <summary>Batches of a probe set as objectives of their own, at one checkpoint.</summary>
internal sealed class BatchObjectives(AnalysisContext context, int size) : IDisposable
{
    private Objective? _current;

    /// <summary>The linearization of chosen samples; the objective lives until the next one is made.</summary>
    /// <exception cref="DerivativeException">libtorch refused.</exception>
    internal Linearization Linearize(long[] chosen)
    {
        _current?.Dispose();
        _current = context.Batches!(chosen, size);
        return context.Settings.Linearize(context.Own(_current), context.Checkpoint.Theta);
    }

    public void Dispose() => _current?.Dispose();
}
