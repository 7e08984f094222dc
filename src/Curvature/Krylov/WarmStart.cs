using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Krylov;

/// <summary>
/// What one run remembers between checkpoints: the Ritz vectors of the last one, and when a cold start is due.
/// </summary>
/// <param name="coldEvery"> Every so many searches one starts cold, to catch a direction that warm starts missed; 1
/// means always cold, 0 means never but for the first. </param>
/// <remarks>
/// Not safe for use by two threads at once. The vectors stay on their device until the next search or
/// <see cref="Dispose"/>.
/// </remarks>
public sealed class WarmStart(int coldEvery = 10) : IDisposable
{
    private ExtremalResult? _last;
    private int _sinceCold;
    private SpectralGap? _gap;

    /// <summary>The vectors to start from: empty when a cold start is due.</summary>
    public IReadOnlyList<Vector> Vectors => ColdIsDue ? [] : [.. _last!.TopVectors, .. _last.BottomVectors];

    /// <summary>What the last cold search tells of the gap below λ1; null when a cold start is due.</summary>
    public SpectralGap? Gap => ColdIsDue ? null : _gap;

    private bool ColdIsDue => _last is null || (coldEvery > 0 && _sinceCold >= coldEvery);

    /// <summary>
    /// Keeps the vectors of <paramref name="result"/> for the next search. This object disposes the result from now on.
    /// </summary>
    public void Remember(ExtremalResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (!ReferenceEquals(_last, result))
        {
            _last?.Dispose();
        }

        _gap = result.WarmStarted ? _gap?.Moving(result) : SpectralGap.After(result);
        _sinceCold = result.WarmStarted ? _sinceCold + 1 : 1;
        _last = result;
    }

    /// <summary>
    /// Forgets the vectors, so that the next search starts cold: after a change of model, element type or device, or a
    /// failed search.
    /// </summary>
    public void Forget()
    {
        _last?.Dispose();
        _last = null;
        _gap = null;
        _sinceCold = 0;
    }

    /// <summary>Frees the vectors.</summary>
    public void Dispose() => Forget();
}
