using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Host.Analysis;

/// <summary>Measures gradient and operators of one linearization and counts what it costs.</summary>
internal sealed class OperatorAnalyzer(
    Linearization linearization,
    AnalysisRequest request,
    KrylovPlan plan,
    ProgressLine progress,
    TimeProvider time
)
{
    private readonly CurvatureStatistics _statistics = new(linearization, time);
    private readonly SpectrumAnalyzer _spectra = new(linearization, request, plan, progress, time);
    private readonly bool _exactTraces = request.TracesAreExact(linearization.ParameterCount);
    private IReadOnlyDictionary<OperatorKind, StochasticTraceResult> _traces =
        new Dictionary<OperatorKind, StochasticTraceResult>();
    private long _products;

    /// <summary>Curvature products spent so far.</summary>
    internal long Products => _products + _spectra.Products;

    /// <summary>What the variances were computed from; null where none was.</summary>
    internal VarianceForm? VarianceForm { get; private set; }

    // Batch norm in train mode leaves no sample alone: what is left is the spread between micro-batches, and one batch
    // has none.
    private bool MeasuresVariance =>
        request.Wants(BundleAnalysis.Variance)
        && !(
            linearization.Objective is { BatchNorm: BatchNormMode.Train, HasBatchNorm: true }
            && linearization.MicroBatches < 2
        );

    internal GradientReading MeasureGradient(CancellationToken cancellation)
    {
        if (!MeasuresVariance)
        {
            if (request.Wants(BundleAnalysis.Variance))
            {
                progress.Note(
                    "no variance: batch norm in mode train leaves no sample alone, and one micro-batch has no spread; "
                        + "lower micro_batch or measure in mode eval"
                );
            }

            using var gradient = Vector.Zeros(
                linearization.ParameterCount,
                linearization.ElementType,
                linearization.Device
            );
            linearization.CopyGradient(gradient);
            return new GradientReading { L2 = gradient.Norm(), Linf = gradient.MaxAbs() };
        }

        progress.Begin("gradient of every sample");
        var measured = _statistics.Gradient(
            new GradientOptions { Form = request.VarianceForm, Seed = request.Seed },
            cancellation
        );
        VarianceForm = measured.Form;
        bool exact = measured.Form == Contracts.Measurements.VarianceForm.PerSample;
        return new GradientReading
        {
            L2 = measured.Norm.Value,
            Linf = measured.Maximum.Value,
            Variance = measured.Variance.Value,
            VarianceStderr = exact ? null : measured.Variance.Error,
            NoiseScale = measured.NoiseScale?.Value,
            NoiseScaleStderr = measured.NoiseScale?.Error,
        };
    }

    /// <summary>The spectrum of one operator alone, for what it leaves behind.</summary>
    internal void Find(KrylovFindings found, CancellationToken cancellation) =>
        _spectra.MeasureSpectrum(found, cancellation);

    /// <summary>Measures the operators. What else is made of one is <paramref name="further"/>'s to add.</summary>
    internal Dictionary<string, OperatorReading> MeasureOperators(
        Func<KrylovFindings, OperatorReading, OperatorReading> further,
        CancellationToken cancellation
    )
    {
        if (request.Wants(BundleAnalysis.Trace) && _exactTraces)
        {
            progress.Begin($"exact traces, {linearization.ParameterCount} columns");
            (_traces, long products) = ExactTraces.Compute(linearization, request.Operators, cancellation);
            _products += products;
        }

        return request.Operators.ToDictionary(kind => kind.Label(), kind => Measure(kind, further, cancellation));
    }

    private OperatorReading Measure(
        OperatorKind kind,
        Func<KrylovFindings, OperatorReading, OperatorReading> further,
        CancellationToken cancellation
    )
    {
        using var found = new KrylovFindings(kind);
        var reading =
            request.Wants(BundleAnalysis.Spectrum) ? _spectra.MeasureSpectrum(found, cancellation)
            : request.Wants(BundleAnalysis.Sharpness) ? _spectra.MeasureEnds(kind, cancellation)
            : new OperatorReading();
        reading = request.Wants(BundleAnalysis.Trace) ? MeasureTrace(found, reading, cancellation) : reading;
        reading = MeasuresVariance ? MeasureVariance(found, reading, cancellation) : reading;
        return further(found, reading);
    }

    // The Ritz vectors take the largest eigenvalues out of what random probes must average over.
    private OperatorReading MeasureTrace(KrylovFindings found, OperatorReading reading, CancellationToken cancellation)
    {
        if (_traces.TryGetValue(found.Kind, out var exact))
        {
            return WithTrace(reading, exact.Trace, exact.Frobenius, exact.Layers);
        }

        int probes = request.ProbesFor(linearization.ParameterCount);
        progress.Begin($"{found.Kind.Label()} trace, {probes} probes");
        var trace = _statistics.Trace(
            found.Kind,
            new TraceOptions { Probes = probes, Seed = request.Seed },
            found.Vectors,
            cancellation
        );
        _products += trace.Cost.CurvatureProducts;
        return WithTrace(reading, trace.Trace, trace.Frobenius, trace.Layers);
    }

    private OperatorReading MeasureVariance(
        KrylovFindings found,
        OperatorReading reading,
        CancellationToken cancellation
    )
    {
        int probes = request.ProbesFor(linearization.ParameterCount);
        progress.Begin($"{found.Kind.Label()} variance, {probes} probes of every sample");
        var options = new VarianceOptions
        {
            Probes = probes,
            Form = request.VarianceForm,
            Seed = request.Seed,
        };
        var variance = _statistics.Variance(found.Kind, options, found.Vectors, cancellation);
        _products += variance.Cost.CurvatureProducts;
        found.Variance = variance.Isotropic;
        return reading with
        {
            Variance = variance.Isotropic!.Value,
            VarianceStderr = variance.Isotropic.Error,
            VarianceTop = variance.Directional.Count > 0 ? variance.Directional[0].Value : null,
            VarianceTopStderr =
                variance.Directional.Count > 0 && variance.Form == Contracts.Measurements.VarianceForm.RandomBatches
                    ? variance.Directional[0].Error
                    : null,
        };
    }

    private static OperatorReading WithTrace(
        OperatorReading reading,
        Estimate trace,
        Estimate frobenius,
        IReadOnlyList<LayerEstimate> layers
    ) =>
        reading with
        {
            Trace = trace.Value,
            TraceStderr = trace.Error,
            Frobenius = frobenius.Value,
            FrobeniusStderr = frobenius.Error,
            Layers = layers.ToDictionary(
                layer => layer.Layer,
                layer => new LayerReading { Trace = layer.Estimate.Value, TraceStderr = layer.Estimate.Error }
            ),
        };
}
