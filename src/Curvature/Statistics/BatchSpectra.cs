using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Curvature.Statistics;

/// <summary>
/// Measures the spectra of random batches of a set of samples, each as an objective of its own: ∇²L_B with L_B = (1/B)
/// Σ_{i∈B} ℓ_i.
/// </summary>
/// <param name="samples">N, how many samples batches are drawn from.</param>
/// <param name="linearize">Makes the linearization of chosen samples (numbers from 0) at θ; disposed here.</param>
/// <param name="time">The clock that the cost is measured with.</param>
public sealed class BatchSpectra(long samples, Func<long[], Linearization> linearize, TimeProvider time)
{
    // Batches are a draw of their own, apart from the start vectors that share the seed.
    private const long DrawSalt = 0x2545F4914F6CDD1D;

    /// <summary>Draws batches and measures the spectrum of each.</summary>
    /// <param name="kind">Which operator.</param>
    /// <param name="options">The batch size, how many batches, and how each is measured.</param>
    /// <param name="whole">φ [P], the top eigenvector of the whole set, for the overlap; null for none.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancellationToken">Looked at before every product.</param>
    /// <exception cref="ArgumentException">The options make no sense.</exception>
    /// <exception cref="NonFiniteException">A product was not finite.</exception>
    /// <exception cref="DerivativeException">libtorch refused, for example for want of memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public BatchSpectrumMeasurement Measure(
        OperatorKind kind,
        BatchSpectrumOptions options,
        Vector? whole = null,
        IProgress<LanczosProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Batches, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(options.BatchSize, samples);
        var started = time.GetTimestamp();
        var spectra = new List<SpectrumMeasurement>(options.Batches);
        var overlaps = new List<double>();
        for (var batch = 0; batch < options.Batches; batch++)
        {
            var chosen = Shuffle.Draw(
                samples,
                options.BatchSize,
                IsotropicStart.ProbeSeed(options.Spectrum.Seed ^ DrawSalt, batch + 1)
            );
            using var linearization = linearize(chosen);
            var vectors = new List<Vector>();
            try
            {
                spectra.Add(
                    new CurvatureAnalyzer(linearization, time).Spectrum(
                        kind,
                        options.Spectrum,
                        whole is null ? null : vectors,
                        progress,
                        cancellationToken
                    )
                );
                overlaps.AddRange(
                    whole is null || vectors.Count == 0 ? [] : Eigenspaces.Overlaps([whole], [vectors[0]])[0]
                );
            }
            finally
            {
                vectors.ForEach(vector => vector.Dispose());
            }
        }

        return Summarise(options, spectra, overlaps, started);
    }

    private BatchSpectrumMeasurement Summarise(
        BatchSpectrumOptions options,
        List<SpectrumMeasurement> spectra,
        List<double> overlaps,
        long started
    )
    {
        var known = spectra.Min(spectrum => spectrum.Eigenvalues.Count);
        var products = spectra.Sum(spectrum => spectrum.Cost.CurvatureProducts) * options.BatchSize;
        return new BatchSpectrumMeasurement(
            [
                .. Enumerable
                    .Range(0, known)
                    .Select(rank => SpreadOf(spectra.Select(spectrum => spectrum.Eigenvalues[rank].Value))),
            ],
            SpreadOf(spectra.Select(spectrum => spectrum.Smallest.Value)),
            overlaps.Count == spectra.Count ? SpreadOf(overlaps) : null,
            SpectralDensity.Average([.. spectra.Select(spectrum => spectrum.Density)]),
            spectra.TrueForAll(spectrum => HasConverged(spectrum, options.Spectrum)),
            options.BatchSize,
            spectra.Count,
            spectra[0].Provenance with
            {
                Samples = samples,
                Probes = options.Spectrum.Probes,
                Seed = options.Spectrum.Seed,
            },
            new MeasurementCost(
                (products + samples - 1) / samples,
                time.GetElapsedTime(started).TotalSeconds,
                spectra.Max(spectrum => spectrum.Cost.PeakBytes)
            )
        );
    }

    private static bool HasConverged(SpectrumMeasurement spectrum, SpectrumOptions options)
    {
        var scale = Math.Max(Math.Abs(spectrum.Eigenvalues[0].Value), Math.Abs(spectrum.Smallest.Value));
        return spectrum.InvariantSubspace
            || spectrum.Provenance.Steps < options.Steps
            || spectrum
                .Eigenvalues.Append(spectrum.Smallest)
                .All(value => value.Error <= (options.Tolerance ?? 0) * scale);
    }

    private static Spread SpreadOf(IEnumerable<double> values)
    {
        double[] all = [.. values];
        var moments = RunningMoments.Of(all);
        return new Spread(moments.Mean, moments.StandardDeviation, moments.Count)
        {
            StandardError = SmallSample.ErrorOf(all),
        };
    }
}
