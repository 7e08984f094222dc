using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Analyses;

/// <summary>The spectrum of one operator with the vectors that other analyses use. Owns the vectors.</summary>
internal sealed class KrylovFindings : IDisposable
{
    private readonly List<Vector> _vectors;
    private MeasurementCost _cost;
    private int _kept;

    /// <summary>Takes over the vectors.</summary>
    /// <param name="spectrum">The measurement.</param>
    /// <param name="ritzValues">The Ritz values that the vectors belong to, largest first.</param>
    /// <param name="vectors">Unit Ritz vectors [P]; empty where they were not kept.</param>
    internal KrylovFindings(SpectrumMeasurement spectrum, IReadOnlyList<Estimate> ritzValues, List<Vector> vectors)
    {
        Spectrum = spectrum;
        _vectors = vectors;
        _cost = spectrum.Cost;
        Resolved = [.. vectors.Take(ResolvedEigenvalues.Leading(ritzValues).Count)];
    }

    /// <summary>The measurement.</summary>
    internal SpectrumMeasurement Spectrum { get; private set; }

    /// <summary>Unit Ritz vectors [P] of the largest Ritz values, resolved or not.</summary>
    internal IReadOnlyList<Vector> Vectors => _vectors;

    /// <summary>
    /// The vectors whose Ritz values are eigenvalues to a tenth: beyond, a vector is not an eigenvector of anything.
    /// </summary>
    internal IReadOnlyList<Vector> Resolved { get; }

    /// <summary>Makes the error bars of the measurement cover what casts of the program round.</summary>
    /// <param name="exact">The same without them, whose cost is paid here.</param>
    internal void Widen(KrylovFindings exact)
    {
        Spectrum = RoundingBars.Widen(Spectrum, exact.Spectrum);
        _cost += exact.TakeCost();
    }

    /// <summary>The cost, once: whatever uses the spectrum first pays for it.</summary>
    internal MeasurementCost TakeCost() => Interlocked.Exchange(ref _cost, MeasurementCost.None);

    /// <summary>Leaves the first vectors to the caller, who disposes them; they stay usable here.</summary>
    /// <param name="count">How many.</param>
    internal IReadOnlyList<Vector> Keep(int count)
    {
        _kept = Math.Max(_kept, Math.Min(count, Resolved.Count));
        return [.. Resolved.Take(count)];
    }

    /// <summary>Frees the vectors that were not kept.</summary>
    public void Dispose()
    {
        foreach (var vector in _vectors.Skip(_kept))
        {
            vector.Dispose();
        }
    }
}
