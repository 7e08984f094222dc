using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Curvature.Analyses;

/// <summary>
/// Density, largest eigenvalues and ends. One Krylov space gives the density (its start vector is isotropic) and, run
/// far enough, the ends.
/// </summary>
public static class SpectrumAnalysis
{
    /// <summary>Products that a look for missed copies of eigenvalues may take.</summary>
    private const int LookSteps = 60;

    // Analyses that use the eigenvectors of a spectrum.
    private static readonly AnalysisKind[] VectorsAreFor =
    [
        AnalysisKind.Trace,
        AnalysisKind.Variance,
        AnalysisKind.Tracking,
        AnalysisKind.MiniBatch,
        AnalysisKind.Modules,
    ];

    /// <summary>Measures the spectrum of one operator.</summary>
    /// <param name="context">The checkpoint.</param>
    /// <param name="kind">Which operator.</param>
    /// <exception cref="NonFiniteException">A product was not finite.</exception>
    /// <exception cref="DerivativeException">libtorch refused, for example for want of memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static SpectrumMeasurement Measure(AnalysisContext context, OperatorKind kind)
    {
        ArgumentNullException.ThrowIfNull(context);
        var found = context.Krylov(kind);
        return found.Spectrum with { Cost = found.TakeCost() };
    }

    /// <summary>Measures the spectrum of one operator, for its vectors too; the caller disposes them.</summary>
    internal static KrylovFindings Find(AnalysisContext context, OperatorKind kind)
    {
        var (settings, plan) = (context.Settings, context.Plan);
        context.Progress.Begin($"{kind.Label()} spectrum");
        var options = new SpectrumOptions
        {
            Steps = plan.Steps,
            Tolerance = settings.SpectrumTolerance,
            Probes = settings.DensityProbes,
            Seed = settings.Seed,
            TopEigenvalues = settings.TopEigenvalues,
            Reorthogonalise = plan.Reorthogonalise,
        };
        var vectors = new List<Vector>();
        try
        {
            var keepsVectors = settings.FindsRepeated || context.Analyses.Any(VectorsAreFor.Contains);
            var spectrum = context.Analyzer.Spectrum(
                kind,
                options,
                keepsVectors ? vectors : null,
                context.Progress,
                context.Cancellation
            );
            var completed = Completed(context, kind, spectrum, vectors);
            return new KrylovFindings(
                completed with
                {
                    Shape = ShapeAnalysis.Of(completed),
                },
                spectrum.Eigenvalues,
                vectors
            );
        }
        catch
        {
            vectors.ForEach(vector => vector.Dispose());
            throw;
        }
    }

    private static SpectrumMeasurement Completed(
        AnalysisContext context,
        OperatorKind kind,
        SpectrumMeasurement spectrum,
        List<Vector> vectors
    )
    {
        var (missed, look) = MissesEigenvalues(context, kind, spectrum, vectors);
        spectrum = spectrum with { Cost = spectrum.Cost + look };
        if (!missed)
        {
            return spectrum with
            {
                Converged =
                    spectrum.InvariantSubspace && context.Plan.Reorthogonalise || HasConverged(context, spectrum),
            };
        }

        context.Progress.Begin($"{kind.Label()} eigenvalues, repeated ones too");
        var settings = context.Settings;
        var options = ExtremalSearches.Options(context, settings.TopEigenvalues, 1, settings.Tolerance);
        var ends = context.Analyzer.Sharpness(kind, options, warm: null, context.Progress, context.Cancellation);
        return spectrum with
        {
            Eigenvalues = ends.Top,
            Smallest = ends.LambdaMin!,
            Converged = ends.Converged,
            Searched = true,
            Cost = spectrum.Cost + ends.Cost,
        };
    }

    // Whether the eigenvalues are to be searched for beside the density. A Krylov space holds each repeated eigenvalue
    // once, and closes early for it; one without reorthogonalisation counts none. Where the settings say how many steps
    // to take, those are taken.
    private static (bool Missed, MeasurementCost Cost) MissesEigenvalues(
        AnalysisContext context,
        OperatorKind kind,
        SpectrumMeasurement spectrum,
        List<Vector> vectors
    )
    {
        var (settings, plan) = (context.Settings, context.Plan);
        if (!settings.FindsRepeated)
        {
            return (false, MeasurementCost.None);
        }

        if (!plan.Reorthogonalise)
        {
            var fits = plan.Vectors >= ExtremalSearches.MinimumVectors(settings.TopEigenvalues, 1);
            return (!settings.Fast && fits, MeasurementCost.None);
        }

        if (spectrum.InvariantSubspace)
        {
            return (spectrum.Provenance.Steps < context.Parameters, MeasurementCost.None);
        }

        if (settings.LanczosSteps is not null || !HasConverged(context, spectrum) || spectrum.Eigenvalues.Count < 2)
        {
            return (false, MeasurementCost.None);
        }

        return Look(context, kind, spectrum, vectors);
    }

    private static (bool Missed, MeasurementCost Cost) Look(
        AnalysisContext context,
        OperatorKind kind,
        SpectrumMeasurement spectrum,
        List<Vector> vectors
    )
    {
        context.Progress.Begin($"{kind.Label()} eigenvalues, looking for copies");
        var meter = context.Meter();

        // Rounding of the products, as a share of max |λ|.
        var rounding = context.Linearization.ElementType == ElementType.Float64 ? 1e-8 : 1e-4;
        var options = new ExtremalOptions
        {
            Tolerance = 1e-2,
            MaximumSteps = LookSteps,
            Seed = ~context.Settings.Seed,
        };
        var curvature = LinearizationOperator.Create(kind, context.Linearization);
        using var scratch = curvature as IDisposable;
        var missed = RepeatedEigenvalues.AreMissed(
            curvature,
            vectors,
            spectrum.Eigenvalues[^1].Value,
            rounding * Scale(spectrum),
            options,
            context.Cancellation
        );
        return (missed, meter.Cost(curvature.Products));
    }

    // Fewer steps than allowed means that the search stopped by itself; without reorthogonalisation it never does.
    private static bool HasConverged(AnalysisContext context, SpectrumMeasurement spectrum)
    {
        var tolerance = context.Settings.SpectrumTolerance ?? context.Settings.Tolerance;
        return (context.Plan.Reorthogonalise && spectrum.Provenance.Steps < context.Plan.Steps)
            || spectrum
                .Eigenvalues.Append(spectrum.Smallest)
                .All(estimate => estimate.Error <= tolerance * Scale(spectrum));
    }

    private static double Scale(SpectrumMeasurement spectrum) =>
        Math.Max(Math.Abs(spectrum.Eigenvalues[0].Value), Math.Abs(spectrum.Smallest.Value));
}
