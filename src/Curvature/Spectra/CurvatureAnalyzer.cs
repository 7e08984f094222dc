using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Curvature.Spectra;

/// <summary>
/// Measures the curvature of one objective at one θ: the way in for programs that want numbers rather than parts.
/// </summary>
/// <param name="linearization">The objective at θ; stays its creator's to dispose. One thread at a time.</param>
/// <param name="time">The clock that the cost is measured with.</param>
public sealed class CurvatureAnalyzer(Linearization linearization, TimeProvider time)
{
    /// <summary>The spectrum of one operator: density, largest eigenvalues, ends, trace.</summary>
    /// <param name="kind">Which operator.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told after every step; counts from the start for every probe.</param>
    /// <param name="cancellationToken">Looked at before every product.</param>
    /// <exception cref="ArgumentOutOfRangeException">The options ask for no steps, probes or eigenvalues.</exception>
    /// <exception cref="NonFiniteException">A product was not finite.</exception>
    /// <exception cref="DerivativeException">libtorch refused, for example for want of memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public SpectrumMeasurement Spectrum(
        OperatorKind kind,
        SpectrumOptions? options = null,
        IProgress<LanczosProgress>? progress = null,
        CancellationToken cancellationToken = default
    ) => Spectrum(kind, options, null, progress, cancellationToken);

    /// <summary>The spectrum of one operator, and the Ritz vectors of its largest eigenvalues.</summary>
    /// <param name="kind">Which operator.</param>
    /// <param name="options">How.</param>
    /// <param name="ritzVectors">Receives the first probe's unit Ritz vectors [P] of its largest Ritz values, which the
    /// caller disposes; null for none.</param>
    /// <param name="progress">Told after every step; counts from the start for every probe.</param>
    /// <param name="cancellationToken">Looked at before every product.</param>
    /// <inheritdoc cref="Spectrum(OperatorKind, SpectrumOptions?, IProgress{LanczosProgress}?, CancellationToken)"/>
    public SpectrumMeasurement Spectrum(
        OperatorKind kind,
        SpectrumOptions? options,
        ICollection<Vector>? ritzVectors,
        IProgress<LanczosProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        options ??= new SpectrumOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Probes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.TopEigenvalues, 1);
        if (!options.Reorthogonalise)
        {
            return FastSpectrum(kind, options, progress, cancellationToken);
        }

        var meter = new CostMeter(linearization, time);
        var curvature = LinearizationOperator.Create(kind, linearization);
        using var scratch = curvature as IDisposable;
        using var start = Vector.Zeros(curvature.Dimension, curvature.ElementType, curvature.Device);

        var densities = new List<SpectralDensity>(options.Probes);
        var lanczos = new LanczosOptions { Steps = options.Steps };
        IReadOnlyList<Estimate> largest = [];
        Estimate? smallest = null;
        var steps = 0;
        var invariant = true;
        for (var probe = 0; probe < options.Probes; probe++)
        {
            IsotropicStart.Fill(start, IsotropicStart.ProbeSeed(options.Seed, probe));
            // Where the ends must converge, further probes take as many steps as the first needed.
            using var decomposition =
                options.Tolerance is { } tolerance && probe == 0
                    ? ConvergedLanczos.Run(
                        curvature,
                        start,
                        lanczos,
                        options.TopEigenvalues,
                        bottom: 1,
                        tolerance,
                        progress,
                        cancellationToken
                    )
                    : Lanczos.Run(
                        curvature,
                        start,
                        options.Tolerance is null ? lanczos : lanczos with { Steps = steps },
                        progress,
                        cancellationToken
                    );
            densities.Add(SpectralDensity.From(decomposition));
            steps = Math.Max(steps, decomposition.Steps);
            invariant &= decomposition.InvariantSubspace;

            if (probe == 0 && ritzVectors is not null)
            {
                AddRitzVectors(decomposition, options.TopEigenvalues, ritzVectors);
            }

            // Ritz values approach the ends of the spectrum from inside, so the probe that reaches farthest is the
            // nearest.
            var top = LargestRitzValues(decomposition, options.TopEigenvalues);
            largest = largest.Count == 0 || top[0].Value > largest[0].Value ? top : largest;
            var bottom = decomposition.RitzValue(decomposition.Steps - 1);
            smallest = smallest is null || bottom.Value < smallest.Value ? bottom : smallest;
        }

        var density = densities.Count == 1 ? densities[0] : SpectralDensity.Average(densities);
        return new SpectrumMeasurement(
            density,
            largest,
            smallest!,
            density.Trace,
            invariant,
            Provenance.Of(linearization, kind, steps, options.Probes, options.Seed, warm: false),
            meter.Cost(curvature.Products)
        );
    }

    /// <summary>The largest and smallest eigenvalues of one operator, to a tolerance.</summary>
    /// <param name="kind">Which operator.</param>
    /// <param name="options">Which eigenvalues, and how well.</param>
    /// <param name="warm"> What the last checkpoint of the same run and operator left; its vectors and the gradient
    /// start the search, and are replaced by what it finds. Null starts cold and keeps nothing. </param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancellationToken">Looked at before every product.</param>
    /// <exception cref="ArgumentException">The options make no sense, or the warm vectors are of another model, element
    /// type or device.</exception>
    /// <exception cref="NonFiniteException">A product was not finite.</exception>
    /// <exception cref="DerivativeException">libtorch refused, for example for want of memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public SharpnessMeasurement Sharpness(
        OperatorKind kind,
        ExtremalOptions? options = null,
        WarmStart? warm = null,
        IProgress<LanczosProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        options = (options ?? new ExtremalOptions()) with
        {
            ComputeVectors = warm is not null,
            Gap = warm?.Gap,
        };
        var meter = new CostMeter(linearization, time);
        var curvature = LinearizationOperator.Create(kind, linearization);
        using var scratch = curvature as IDisposable;
        var previous = warm?.Vectors ?? [];
        using var gradient = previous.Count > 0 && kind != OperatorKind.Residual ? UnitGradient() : null;
        var result = ExtremalEigenpairs.Find(
            curvature,
            options,
            gradient is null ? previous : [.. previous, gradient],
            progress,
            cancellationToken
        );
        if (warm is null)
        {
            result.Dispose();
        }
        else
        {
            warm.Remember(result);
        }

        return new SharpnessMeasurement(
            [.. result.Top.Select(result.ToEstimate)],
            [.. result.Bottom.Select(result.ToEstimate)],
            result.Converged,
            Provenance.Of(linearization, kind, result.Steps, 1, options.Seed, result.WarmStarted),
            meter.Cost(curvature.Products)
        );
    }

    // There is no basis, so there are no Ritz vectors, and no eigenvalues but the two ends.
    private SpectrumMeasurement FastSpectrum(
        OperatorKind kind,
        SpectrumOptions options,
        IProgress<LanczosProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var meter = new CostMeter(linearization, time);
        var curvature = LinearizationOperator.Create(kind, linearization);
        using var scratch = curvature as IDisposable;
        using var start = Vector.Zeros(curvature.Dimension, curvature.ElementType, curvature.Device);
        var runs = new List<FastLanczosResult>(options.Probes);
        for (var probe = 0; probe < options.Probes; probe++)
        {
            IsotropicStart.Fill(start, IsotropicStart.ProbeSeed(options.Seed, probe));
            runs.Add(
                FastLanczos.Run(
                    curvature,
                    start,
                    new LanczosOptions { Steps = options.Steps },
                    progress,
                    cancellationToken
                )
            );
        }

        var density = runs.Count == 1 ? runs[0].Density : SpectralDensity.Average([.. runs.Select(run => run.Density)]);
        return new SpectrumMeasurement(
            density,
            [runs.MaxBy(run => run.LambdaMax.Value)!.LambdaMax],
            runs.MinBy(run => run.LambdaMin.Value)!.LambdaMin,
            density.Trace,
            runs.TrueForAll(run => run.InvariantSubspace),
            Provenance.Of(
                linearization,
                kind,
                runs.Max(run => run.Steps),
                options.Probes,
                options.Seed,
                warm: false
            ) with
            {
                Reorthogonalised = false,
            },
            meter.Cost(curvature.Products)
        );
    }

    /// <summary>
    /// g/‖g‖, known since the linearization was made, so at no cost; null where it vanishes. The gradient lies mostly
    /// in the top eigenspace of H and G (Gur-Ari, Roberts and Dyer 2018), wherever that has turned since the last
    /// checkpoint: a warm start with it takes fewer products on most checkpoints, and misses a direction that has newly
    /// become the sharpest less often.
    /// </summary>
    private Vector? UnitGradient()
    {
        var gradient = linearization.Zeros();
        linearization.CopyGradient(gradient);
        var norm = gradient.Norm();
        if (!double.IsFinite(norm) || norm == 0)
        {
            gradient.Dispose();
            return null;
        }

        gradient.Scale(1 / norm);
        return gradient;
    }

    private static void AddRitzVectors(LanczosDecomposition decomposition, int count, ICollection<Vector> destination)
    {
        for (var i = 0; i < Math.Min(count, decomposition.Steps); i++)
        {
            var vector = Vector.Zeros(
                decomposition.Basis.Length,
                decomposition.Basis.ElementType,
                decomposition.Basis.Device
            );
            destination.Add(vector);
            decomposition.RitzVector(i, vector);
        }
    }

    private static Estimate[] LargestRitzValues(LanczosDecomposition decomposition, int count)
    {
        var values = new Estimate[Math.Min(count, decomposition.Steps)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = decomposition.RitzValue(i);
        }

        return values;
    }
}
