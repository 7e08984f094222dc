using CurvatureMonitor.Curvature.Spectra;

namespace CurvatureMonitor.Curvature.Statistics;

/// <summary>How the spectra of random batches are measured.</summary>
/// <param name="BatchSize">B; below the number of samples that batches are drawn from.</param>
public sealed record BatchSpectrumOptions(int BatchSize)
{
    /// <summary>Batches, 2 or more, each drawn by itself, without replacement.</summary>
    public int Batches { get; init; } = 8;

    /// <summary>How the spectrum of one batch is measured. Its seed is that of the draws too.</summary>
    public SpectrumOptions Spectrum { get; init; } = new() { Steps = 100, Tolerance = 1e-4 };
}
