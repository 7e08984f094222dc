using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Host.Http;
using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Host.Analysis;

/// <summary>Measures spectra and their ends within what memory allows.</summary>
internal sealed class SpectrumAnalyzer(
    Linearization linearization,
    AnalysisRequest request,
    KrylovPlan plan,
    ProgressLine progress,
    TimeProvider time
)
{
    // Vectors that fit into so many bytes are held where the user names no number: fewer would only mean more restarts.
    private const long GenerousBytes = 1L << 28;
    private const int UsualVectors = 40;

    /// <summary>Products that a look for missed copies of eigenvalues may take.</summary>
    private const int LookSteps = 60;

    private readonly CurvatureAnalyzer _analyzer = new(linearization, time);

    /// <summary>Curvature products spent so far.</summary>
    internal long Products { get; private set; }

    // Rounding of the products, as a share of max |λ|.
    private double Rounding => linearization.ElementType == ElementType.Float64 ? 1e-8 : 1e-4;

    /// <summary>
    /// Density, largest eigenvalues and ends. One Krylov space gives the density (its start vector is isotropic) and,
    /// run far enough, the ends.
    /// </summary>
    /// <param name="found">Receives the density, the eigenvalues and the Ritz vectors.</param>
    /// <param name="cancellation">Looked at before every product.</param>
    internal OperatorReading MeasureSpectrum(KrylovFindings found, CancellationToken cancellation)
    {
        var kind = found.Kind;
        progress.Begin($"{kind.Label()} spectrum");
        var options = new SpectrumOptions
        {
            Steps = plan.Steps,
            Tolerance = AnalysisRequest.Tolerance,
            Probes = request.DensityProbes,
            Seed = request.Seed,
            TopEigenvalues = request.Top,
            Reorthogonalise = plan.Reorthogonalise,
        };
        var spectrum = _analyzer.Spectrum(kind, options, found.Vectors, progress, cancellation);
        Products += spectrum.Cost.CurvatureProducts;
        (found.Density, found.RitzValues) = (spectrum.Density, spectrum.Eigenvalues);
        var reading = new OperatorReading
        {
            Density = new SpectralStems(spectrum.Density.Nodes, spectrum.Density.Weights),
            LanczosSteps = spectrum.Provenance.Steps,
        };
        if (!MustSearch(spectrum, found, cancellation))
        {
            (found.Largest, found.Smallest) = (spectrum.Eigenvalues, spectrum.Smallest);
            return plan.Reorthogonalise
                ? WithEigenvalues(
                    reading,
                    spectrum.Eigenvalues,
                    spectrum.Smallest,
                    spectrum.InvariantSubspace || HasConverged(spectrum)
                )
                : Ends(reading, spectrum.Eigenvalues[0], spectrum.Smallest) with
                {
                    Converged = HasConverged(spectrum),
                };
        }

        progress.Begin($"{kind.Label()} eigenvalues, repeated ones too");
        var ends = FindEnds(kind, SearchFor(request.Top, 1, AnalysisRequest.Tolerance), cancellation);
        (found.Largest, found.Smallest) = (ends.Top, ends.LambdaMin);
        return WithEigenvalues(reading, ends.Top, ends.LambdaMin!, ends.Converged);
    }

    /// <summary>λ_max and λ_min.</summary>
    internal OperatorReading MeasureEnds(OperatorKind kind, CancellationToken cancellation)
    {
        progress.Begin($"{kind.Label()} sharpness");
        var ends = FindEnds(
            kind,
            SearchFor(1, 1, AnalysisRequest.Tolerance) with
            {
                SearchComplement = false,
            },
            cancellation
        );
        return Ends(
            new OperatorReading { LanczosSteps = ends.Provenance.Steps, Converged = ends.Converged },
            ends.LambdaMax!,
            ends.LambdaMin!
        );
    }

    /// <summary>The k largest and k smallest eigenvalues that were asked for.</summary>
    internal EigenpairsReading MeasureEigenpairs(OperatorKind kind, CancellationToken cancellation)
    {
        var (largest, smallest) = request.Eigenpairs;
        progress.Begin($"{kind.Label()} eigenpairs, {largest} largest and {smallest} smallest");
        var options = SearchFor(largest, smallest, request.EigenpairTolerance);
        var ends = FindEnds(kind, options, cancellation);
        return new EigenpairsReading
        {
            Largest = largest > 0 ? [.. ends.Top.Select(value => value.Value)] : null,
            LargestResiduals = largest > 0 ? [.. ends.Top.Select(value => value.Error)] : null,
            Smallest = smallest > 0 ? [.. ends.Bottom.Select(value => value.Value)] : null,
            SmallestResiduals = smallest > 0 ? [.. ends.Bottom.Select(value => value.Error)] : null,
            Tolerance = request.EigenpairTolerance,
            Converged = ends.Converged,
            LanczosSteps = ends.Provenance.Steps,
            Vectors = options.MaximumVectors,
            CurvatureProducts = ends.Cost.CurvatureProducts,
        };
    }

    // Whether the eigenvalues are to be searched for beside the density. A Krylov space holds each repeated eigenvalue
    // once, and closes early for it; one without reorthogonalisation counts none. Where the user says how many steps to
    // take, those are taken.
    private bool MustSearch(SpectrumMeasurement spectrum, KrylovFindings found, CancellationToken cancellation)
    {
        if (!plan.Reorthogonalise)
        {
            return !request.Fast && plan.Vectors >= FewestVectors(request.Top, 1);
        }

        if (spectrum.InvariantSubspace)
        {
            return spectrum.Provenance.Steps < linearization.ParameterCount;
        }

        if (request.Steps is not null || !HasConverged(spectrum) || spectrum.Eigenvalues.Count < 2)
        {
            return false;
        }

        progress.Begin($"{found.Kind.Label()} eigenvalues, looking for copies");
        double margin = Rounding * Math.Max(Math.Abs(spectrum.Eigenvalues[0].Value), Math.Abs(spectrum.Smallest.Value));
        var options = new ExtremalOptions
        {
            Tolerance = 1e-2,
            MaximumSteps = LookSteps,
            Seed = ~request.Seed,
        };
        var curvature = CurvatureAnalyzer.CreateOperator(found.Kind, linearization);
        using var scratch = curvature as IDisposable;
        bool missed = RepeatedEigenvalues.AreMissed(
            curvature,
            found.Vectors,
            spectrum.Eigenvalues[^1].Value,
            margin,
            options,
            cancellation
        );
        Products += curvature.Products;
        return missed;
    }

    // Memory bounds the vectors that are held, never the products: a search that runs out of room restarts.
    private ExtremalOptions SearchFor(int top, int bottom, double tolerance)
    {
        int fewest = FewestVectors(top, bottom);
        if (plan.Vectors < fewest)
        {
            throw new CurvatureException(
                $"a search for {top} + {bottom} eigenvalues needs {fewest} vectors of {linearization.ParameterCount} "
                    + $"numbers, and there is room for {plan.Vectors}; "
                    + "raise --memory-budget or --vectors, or ask for fewer"
            );
        }

        long size = linearization.ElementType == ElementType.Float64 ? sizeof(double) : sizeof(float);
        long generous = Math.Clamp(
            GenerousBytes / (size * linearization.ParameterCount),
            UsualVectors,
            AnalysisRequest.MostSteps
        );
        return new ExtremalOptions
        {
            Top = top,
            Bottom = bottom,
            Tolerance = tolerance,
            MaximumSteps = request.Steps ?? Math.Max(AnalysisRequest.MostSteps, 50 * (top + bottom)),
            MaximumVectors = (int)
                Math.Min(plan.Vectors, Math.Max(Math.Max(generous, fewest), request.Vectors ?? (2L * fewest))),
            Seed = request.Seed,
            ComputeVectors = false,
            SearchComplement = true,
        };
    }

    private static int FewestVectors(int top, int bottom) => top + bottom + 6;

    private SharpnessMeasurement FindEnds(OperatorKind kind, ExtremalOptions options, CancellationToken cancellation)
    {
        var ends = _analyzer.Sharpness(kind, options, warm: null, progress, cancellation);
        Products += ends.Cost.CurvatureProducts;
        return ends;
    }

    // Fewer steps than allowed means that the search stopped by itself; without reorthogonalisation it never does.
    private bool HasConverged(SpectrumMeasurement spectrum)
    {
        double scale = Math.Max(Math.Abs(spectrum.Eigenvalues[0].Value), Math.Abs(spectrum.Smallest.Value));
        return (plan.Reorthogonalise && spectrum.Provenance.Steps < plan.Steps)
            || spectrum
                .Eigenvalues.Append(spectrum.Smallest)
                .All(estimate => estimate.Error <= AnalysisRequest.Tolerance * scale);
    }

    private static OperatorReading WithEigenvalues(
        OperatorReading reading,
        IReadOnlyList<Estimate> largest,
        Estimate smallest,
        bool converged
    ) =>
        Ends(reading, largest[0], smallest) with
        {
            Eigenvalues = [.. largest.Select(estimate => estimate.Value)],
            EigenvalueResiduals = [.. largest.Select(estimate => estimate.Error)],
            Converged = converged,
        };

    private static OperatorReading Ends(OperatorReading reading, Estimate largest, Estimate smallest) =>
        reading with
        {
            LambdaMax = largest.Value,
            LambdaMaxResidual = largest.Error,
            LambdaMin = smallest.Value,
            LambdaMinResidual = smallest.Error,
        };
}
