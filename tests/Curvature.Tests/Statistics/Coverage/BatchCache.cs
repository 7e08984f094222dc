using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Curvature.Tests.Cases;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Tests.Statistics.Coverage;

/// <summary>The batches of a few samples of a case, each opened once.</summary>
internal sealed class BatchCache(string name, int samples) : IDisposable
{
    private readonly Dictionary<string, ReferenceCase> _open = [];
    private readonly int[] _rows = SmallCase.Rows(name, samples);

    // Enough for the largest eigenvalue of a few samples, to far less than the spread between batches.
    private static SpectrumOptions Options { get; } = new() { Steps = 12, TopEigenvalues = 1 };

    /// <summary>Draws batches and measures their spectra, as the analysis does.</summary>
    internal BatchSpectrumMeasurement Draw(long seed, int size, int batches, Vector whole) =>
        new BatchSpectra(samples, Linearize, TimeProvider.System).Measure(
            OperatorKind.Hessian,
            new BatchSpectrumOptions(size) { Batches = batches, Spectrum = Options with { Seed = seed } },
            whole
        );

    /// <summary>The largest eigenvalue of one batch, and the overlap of its vector.</summary>
    internal (double Eigenvalue, double Overlap) Top(long[] batch, Vector whole)
    {
        using var at = Linearize(batch);
        using var top = new TopVector(at, OperatorKind.Hessian);
        return (top.Value.Value, Eigenspaces.Overlaps([whole], [top.Vector])[0][0]);
    }

    public void Dispose()
    {
        foreach (var reference in _open.Values)
        {
            reference.Dispose();
        }
    }

    private Linearization Linearize(long[] batch)
    {
        var key = string.Join(',', batch.Order());
        if (!_open.TryGetValue(key, out var reference))
        {
            int[] chosen = [.. batch.Order().Select(sample => _rows[sample])];
            _open[key] = reference = new ReferenceCase(name, ElementType.Float64, null, chosen);
        }

        return new Linearization(reference.Objective, reference.Theta);
    }
}
