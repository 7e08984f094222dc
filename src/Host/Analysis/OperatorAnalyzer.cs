using CurvatureMonitor.Curvature;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Host.Http;
using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Host.Analysis;

/// <summary>Measures gradient and operators of one linearization and counts what it costs.</summary>
internal sealed class OperatorAnalyzer(Linearization linearization, AnalysisRequest request, int steps, ProgressLine progress, TimeProvider time)
{
    private readonly CurvatureAnalyzer _analyzer = new(linearization, time);
    private readonly CurvatureStatistics _statistics = new(linearization, time);
    private readonly bool _exactTraces = request.TracesAreExact(linearization.ParameterCount);
    private IReadOnlyDictionary<OperatorKind, StochasticTraceResult> _traces = new Dictionary<OperatorKind, StochasticTraceResult>();

    /// <summary>Curvature products spent so far.</summary>
    internal long Products { get; private set; }

    /// <summary>What the variances were computed from; null where none was.</summary>
    internal VarianceForm? VarianceForm { get; private set; }

    // Batch norm in train mode leaves no sample alone: what is left is the spread between micro-batches, and one batch has none.
    private bool MeasuresVariance => request.Wants(BundleAnalysis.Variance)
        && !(linearization.Objective is { BatchNorm: BatchNormMode.Train, HasBatchNorm: true } && linearization.MicroBatches < 2);

    internal GradientReading MeasureGradient(CancellationToken cancellation)
    {
        if (!MeasuresVariance)
        {
            if (request.Wants(BundleAnalysis.Variance))
            {
                progress.Note("no variance: batch norm in mode train leaves no sample alone, and one micro-batch has no spread; lower micro_batch or measure in mode eval");
            }

            using var gradient = Vector.Zeros(linearization.ParameterCount, linearization.ElementType, linearization.Device);
            linearization.CopyGradient(gradient);
            return new GradientReading { L2 = gradient.Norm(), Linf = gradient.MaxAbs() };
        }

        progress.Begin("gradient of every sample");
        var measured = _statistics.Gradient(new GradientOptions { Seed = request.Seed }, cancellation);
        VarianceForm = measured.Form;
        return new GradientReading
        {
            L2 = measured.Norm.Value,
            Linf = measured.Maximum.Value,
            Variance = measured.Variance.Value,
            VarianceStderr = measured.Form == Curvature.Statistics.VarianceForm.PerSample ? null : measured.Variance.Error,
            NoiseScale = measured.NoiseScale?.Value,
        };
    }

    internal Dictionary<string, OperatorReading> MeasureOperators(CancellationToken cancellation)
    {
        if (request.Wants(BundleAnalysis.Trace) && _exactTraces)
        {
            progress.Begin($"exact traces, {linearization.ParameterCount} columns");
            (_traces, long products) = ExactTraces.Compute(linearization, request.Operators, cancellation);
            Products += products;
        }

        return request.Operators.ToDictionary(kind => kind.Label(), kind => Measure(kind, cancellation));
    }

    private OperatorReading Measure(OperatorKind kind, CancellationToken cancellation)
    {
        // They take the largest eigenvalues out of what random probes must average over.
        var ritzVectors = new List<Vector>();
        try
        {
            var reading = request.Wants(BundleAnalysis.Spectrum) ? MeasureSpectrum(kind, ritzVectors, cancellation)
                : request.Wants(BundleAnalysis.Sharpness) ? MeasureEnds(kind, cancellation)
                : new OperatorReading();
            reading = request.Wants(BundleAnalysis.Trace) ? MeasureTrace(kind, reading, ritzVectors, cancellation) : reading;
            return MeasuresVariance ? MeasureVariance(kind, reading, ritzVectors, cancellation) : reading;
        }
        finally
        {
            ritzVectors.ForEach(vector => vector.Dispose());
        }
    }

    // One Krylov space gives the density (its start vector is isotropic) and, run far enough, the ends.
    private OperatorReading MeasureSpectrum(OperatorKind kind, List<Vector> ritzVectors, CancellationToken cancellation)
    {
        progress.Begin($"{kind.Label()} spectrum");
        var options = new SpectrumOptions
        {
            Steps = steps,
            Tolerance = AnalysisRequest.Tolerance,
            Probes = request.DensityProbes,
            Seed = request.Seed,
            TopEigenvalues = request.Top,
        };
        bool needsVectors = MeasuresVariance || (request.Wants(BundleAnalysis.Trace) && !_exactTraces);
        var spectrum = _analyzer.Spectrum(kind, options, needsVectors ? ritzVectors : null, progress, cancellation);
        Products += spectrum.Cost.CurvatureProducts;
        var reading = new OperatorReading
        {
            Density = new SpectralStems(spectrum.Density.Nodes, spectrum.Density.Weights),
            LanczosSteps = spectrum.Provenance.Steps,
        };

        // A Krylov space that closes early holds each repeated eigenvalue once; the search for the ends goes on beside it.
        if (spectrum.InvariantSubspace && spectrum.Eigenvalues.Count < Math.Min(request.Top, linearization.ParameterCount) && spectrum.Provenance.Steps < steps)
        {
            var ends = FindEnds(kind, request.Top, cancellation);
            return WithEigenvalues(reading, ends.Top, ends.LambdaMin!, ends.Converged);
        }

        return WithEigenvalues(reading, spectrum.Eigenvalues, spectrum.Smallest, spectrum.InvariantSubspace || HasConverged(spectrum));
    }

    private OperatorReading MeasureEnds(OperatorKind kind, CancellationToken cancellation)
    {
        progress.Begin($"{kind.Label()} sharpness");
        var ends = FindEnds(kind, 1, cancellation);
        return Ends(new OperatorReading { LanczosSteps = ends.Provenance.Steps, Converged = ends.Converged }, ends.LambdaMax!, ends.LambdaMin!);
    }

    private OperatorReading MeasureTrace(OperatorKind kind, OperatorReading reading, List<Vector> ritzVectors, CancellationToken cancellation)
    {
        if (_traces.TryGetValue(kind, out var exact))
        {
            return WithTrace(reading, exact.Trace, exact.Frobenius, exact.Layers);
        }

        int probes = request.ProbesFor(linearization.ParameterCount);
        progress.Begin($"{kind.Label()} trace, {probes} probes");
        var trace = _statistics.Trace(kind, new TraceOptions { Probes = probes, Seed = request.Seed }, ritzVectors, cancellation);
        Products += trace.Cost.CurvatureProducts;
        return WithTrace(reading, trace.Trace, trace.Frobenius, trace.Layers);
    }

    private OperatorReading MeasureVariance(OperatorKind kind, OperatorReading reading, List<Vector> ritzVectors, CancellationToken cancellation)
    {
        int probes = request.ProbesFor(linearization.ParameterCount);
        progress.Begin($"{kind.Label()} variance, {probes} probes of every sample");
        var variance = _statistics.Variance(kind, new VarianceOptions { Probes = probes, Seed = request.Seed }, ritzVectors, cancellation);
        Products += variance.Cost.CurvatureProducts;
        return reading with
        {
            Variance = variance.Isotropic!.Value,
            VarianceStderr = variance.Isotropic.Error,
            VarianceTop = variance.Directional.Count > 0 ? variance.Directional[0].Value : null,
        };
    }

    private SharpnessMeasurement FindEnds(OperatorKind kind, int top, CancellationToken cancellation)
    {
        var options = new ExtremalOptions
        {
            Top = top,
            Bottom = 1,
            Tolerance = AnalysisRequest.Tolerance,
            MaximumSteps = steps,
            Seed = request.Seed,
            ComputeVectors = false,
        };
        var ends = _analyzer.Sharpness(kind, options, warm: null, progress, cancellation);
        Products += ends.Cost.CurvatureProducts;
        return ends;
    }

    // Fewer steps than allowed means that the search stopped by itself.
    private bool HasConverged(SpectrumMeasurement spectrum)
    {
        double scale = Math.Max(Math.Abs(spectrum.Eigenvalues[0].Value), Math.Abs(spectrum.Smallest.Value));
        return spectrum.Provenance.Steps < steps || spectrum.Eigenvalues.Append(spectrum.Smallest).All(estimate => estimate.Error <= AnalysisRequest.Tolerance * scale);
    }

    private static OperatorReading WithTrace(OperatorReading reading, Estimate trace, Estimate frobenius, IReadOnlyList<LayerEstimate> layers) => reading with
    {
        Trace = trace.Value,
        TraceStderr = trace.Error,
        Frobenius = frobenius.Value,
        FrobeniusStderr = frobenius.Error,
        Layers = layers.ToDictionary(layer => layer.Layer, layer => new LayerReading { Trace = layer.Estimate.Value, TraceStderr = layer.Estimate.Error }),
    };

    private static OperatorReading WithEigenvalues(OperatorReading reading, IReadOnlyList<Estimate> largest, Estimate smallest, bool converged) =>
        Ends(reading, largest[0], smallest) with
        {
            Eigenvalues = [.. largest.Select(estimate => estimate.Value)],
            EigenvalueResiduals = [.. largest.Select(estimate => estimate.Error)],
            Converged = converged,
        };

    private static OperatorReading Ends(OperatorReading reading, Estimate largest, Estimate smallest) => reading with
    {
        LambdaMax = largest.Value,
        LambdaMaxResidual = largest.Error,
        LambdaMin = smallest.Value,
        LambdaMinResidual = smallest.Error,
    };
}
