using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Analyses;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Reports.Documents;
using CurvatureMonitor.Reports.Runs;

namespace CurvatureMonitor.Host.Analysis;

/// <summary>
/// The readings of one checkpoint: the analyses that were asked for, each projected into its place in the document.
/// </summary>
internal sealed class OperatorReadings(AnalysisContext context, AnalysisRequest request)
{
    private readonly Dictionary<string, string> _refused = new(StringComparer.Ordinal);
    private DerivativeException? _first;
    private int _measured;

    /// <summary>Curvature products spent so far.</summary>
    internal long Products { get; private set; }

    /// <summary>The form in which variances were computed; null where none was.</summary>
    internal VarianceForm? VarianceForm { get; private set; }

    /// <summary>The gradient: its norms, and its variance over samples where it was asked for and can be had.</summary>
    internal GradientReading Gradient()
    {
        if (!request.Wants(AnalysisKind.Variance) && !request.Wants(AnalysisKind.Gradient))
        {
            return Norms();
        }

        if (OrNote(() => GradientAnalysis.Measure(context)) is not { } measured)
        {
            return Norms();
        }

        VarianceForm = measured.Form;
        return GradientReading.Saved(measured);
    }

    /// <summary>Norms of the parameters; null where they were not asked for.</summary>
    internal WeightsReading? Weights() =>
        request.Wants(AnalysisKind.Weights) ? WeightsReading.Of(GradientAnalysis.Weights(context)) : null;

    /// <summary>Every operator, by name; analyses that an operation of the model rules out leave the others
    /// standing.</summary>
    /// <exception cref="DerivativeException">All of them are ruled out.</exception>
    internal Dictionary<string, OperatorReading> Operators()
    {
        var readings = context
            .PerOperator(kind => (Name: kind.Label(), Reading: Operator(kind)))
            .ToDictionary(pair => pair.Name, pair => pair.Reading);
        return _first is not null && _measured == 0 ? throw _first : readings;
    }

    private OperatorReading Operator(OperatorKind kind)
    {
        _refused.Clear();
        var spectrum = Wanted(AnalysisKind.Spectrum, () => Paid(SpectrumAnalysis.Measure(context, kind)));
        var reading = spectrum is not null ? SpectrumReadings.Of(spectrum) : new OperatorReading();
        if (
            !request.Wants(AnalysisKind.Spectrum)
            && Wanted(AnalysisKind.Sharpness, () => Paid(SharpnessAnalysis.Measure(context, kind))) is { } sharpness
        )
        {
            reading = SpectrumReadings.Of(sharpness);
        }

        if (Wanted(AnalysisKind.Trace, () => Paid(TraceAnalysis.Measure(context, kind))) is { } trace)
        {
            reading = StatisticsReadings.Add(reading, trace);
        }

        var variance = context.HasSpread
            ? Wanted(AnalysisKind.Variance, () => Paid(VarianceAnalysis.Measure(context, kind)))
            : null;
        reading = variance is null ? reading : StatisticsReadings.Add(reading, variance);
        if (Wanted(AnalysisKind.Layers, () => Paid(LayersAnalysis.Measure(context, kind))) is { } layers)
        {
            reading = StatisticsReadings.Add(reading, layers);
        }

        if (Wanted(AnalysisKind.Modules, () => Paid(ModulesAnalysis.Measure(context, kind))) is { } modules)
        {
            reading = StatisticsReadings.Add(reading, modules);
        }

        reading = Further(WithStability(reading, kind), kind, spectrum, variance?.Isotropic);
        return reading with { Refused = _refused.Count == 0 ? null : new Dictionary<string, string>(_refused) };
    }

    private OperatorReading Further(
        OperatorReading reading,
        OperatorKind kind,
        SpectrumMeasurement? spectrum,
        Estimate? variance
    ) =>
        reading with
        {
            Eigenpairs = Wanted(
                AnalysisKind.Eigenpairs,
                () => EigenpairsReading.Of(Paid(EigenpairsAnalysis.Measure(context, kind)))
            ),
            Views =
                request.Wants(AnalysisKind.Views) && spectrum is not null
                    ? ViewsReading.Of(ViewsAnalysis.Of(context, kind, spectrum), context.Settings.PowerLaw)
                    : null,
            Shape = request.Wants(AnalysisKind.Shape) ? spectrum?.Shape : null,
            Deflated = Wanted(AnalysisKind.Deflated, () => OrNote(() => Paid(DeflatedAnalysis.Measure(context, kind))))
                is { } deflated
                ? DeflatedReading.Of(deflated)
                : null,
            BatchSharpness = Wanted(AnalysisKind.BatchSharpness, () => BatchSharpness(kind)),
            PreconditionedSharpness = Wanted(AnalysisKind.PreconditionedSharpness, () => Preconditioned(kind)),
            ScaledSharpness = kind == OperatorKind.Hessian ? Scaled() : null,
            MiniBatch = Wanted(AnalysisKind.MiniBatch, () => MiniBatch(kind, variance)),
            Tracking = Wanted(
                AnalysisKind.Tracking,
                () => TrackingReading.Of(Paid(TrackingAnalysis.Measure(context, kind)))
            ),
        };

    private Dictionary<string, BatchSharpnessReading> BatchSharpness(OperatorKind kind) =>
        BatchSharpnessAnalysis
            .Sizes(context)
            .ToDictionary(BatchSizes.Name, size =>
            {
                var measured = Paid(BatchSharpnessAnalysis.Measure(context, kind, size));
                return BatchSharpnessReading.Of(measured) with
                {
                    Stability =
                        kind == OperatorKind.Hessian && size == context.Optimizer.BatchSize
                            ? Stability(measured.Sharpness, StabilityKind.Batch)
                            : null,
                };
            });

    private PreconditionedReading? Preconditioned(OperatorKind kind)
    {
        if (OrNote(() => Paid(PreconditionedSharpnessAnalysis.Measure(context, kind))) is not { } measured)
        {
            return null;
        }

        return PreconditionedReading.Of(measured) with
        {
            OptimizerStep = context.Checkpoint.OptimizerStep,
            Stability =
                kind == OperatorKind.Hessian ? Stability(measured.Sharpness, StabilityKind.Preconditioned) : null,
        };
    }

    // With rates that differ, the ratio to a limit is that of the scaled operator alone.
    private PreconditionedReading? Scaled()
    {
        bool wanted =
            request.Wants(AnalysisKind.Sharpness)
            || request.Wants(AnalysisKind.Spectrum)
            || request.Wants(AnalysisKind.PreconditionedSharpness);
        if (!wanted || context.Optimizer.RatedGroups is null)
        {
            return null;
        }

        if (
            Allowed(
                "scaled sharpness",
                () => OrNote(() => ScaledSharpnessAnalysis.Measure(context, OperatorKind.Hessian))
            )
            is not { } measured
        )
        {
            return null;
        }

        Products += measured.Cost.CurvatureProducts;
        return new PreconditionedReading
        {
            LambdaMax = measured.Sharpness.Value,
            LambdaMaxResidual = measured.Sharpness.Error,
            Converged = measured.Converged,
            Stability = Stability(measured.Sharpness, StabilityKind.Scaled),
        };
    }

    private Dictionary<string, MiniBatchReading>? MiniBatch(OperatorKind kind, Estimate? variance)
    {
        if (MiniBatchAnalysis.Obstacle(context) is { } obstacle)
        {
            context.Progress.Note(obstacle);
            return null;
        }

        return BatchSharpnessAnalysis
            .Sizes(context)
            .ToDictionary(BatchSizes.Name, size =>
            {
                var result = MiniBatchAnalysis.Measure(context, kind, size, variance);
                Paid(result.Measured);
                return MiniBatchReading.Of(result);
            });
    }

    // Only gradient descent has a limit that λ_max of the plain Hessian compares with; Adam's is for the preconditioned
    // one.
    private OperatorReading WithStability(OperatorReading reading, OperatorKind kind) =>
        kind == OperatorKind.Hessian && reading.LambdaMax is { } sharpness
            ? reading with
            {
                Stability = Stability(new Estimate(sharpness, reading.LambdaMaxResidual ?? 0), StabilityKind.Full),
            }
            : reading;

    private StabilityReading? Stability(Estimate sharpness, StabilityKind kind) =>
        context.Optimizer.RatioAt(sharpness, kind, context.Checkpoint.LearningRate) is { } ratio
            ? StabilityReading.Of(ratio)
            : null;

    private GradientReading Norms()
    {
        var (l2, linf) = GradientAnalysis.Norms(context);
        return new GradientReading { L2 = l2, Linf = linf };
    }

    // One analysis that was asked for; null where an operation of the model rules it out.
    private T? Wanted<T>(AnalysisKind kind, Func<T?> measure)
        where T : class => request.Wants(kind) ? Allowed(kind.Label(), measure) : null;

    private T? Allowed<T>(string name, Func<T?> measure)
        where T : class
    {
        try
        {
            var result = measure();
            _measured++;
            return result;
        }
        catch (DerivativeException refusal) when (refusal.Kind == DerivativeErrorKind.UnsupportedOperation)
        {
            _first ??= refusal;
            _refused[name] = refusal.Message;
            context.Progress.Note($"no {name}: {refusal.Message}");
            return null;
        }
    }

    private T Paid<T>(T measurement)
        where T : Measurement
    {
        Products += measurement.Cost.CurvatureProducts;
        return measurement;
    }

    private T? OrNote<T>(Func<T> measure)
        where T : class
    {
        try
        {
            return measure();
        }
        catch (AnalysisRefusedException refused)
        {
            context.Progress.Note(refused.Message);
            return null;
        }
    }
}
