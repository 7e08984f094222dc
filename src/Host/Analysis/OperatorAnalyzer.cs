using CurvatureMonitor.Curvature;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Host.Http;
using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Host.Analysis;

/// <summary>Measures the operators of one linearization and counts what it costs.</summary>
internal sealed class OperatorAnalyzer(Linearization linearization, AnalysisRequest request, int steps, ProgressLine progress, TimeProvider time)
{
    private readonly CurvatureAnalyzer _analyzer = new(linearization, time);
    private readonly CurvatureStatistics _statistics = new(linearization, time);
    private readonly int _probes = request.ProbesFor(linearization.ParameterCount);
    private readonly bool _normalisesItself = linearization.Objective is { BatchNorm: BatchNormMode.Train, HasBatchNorm: true };

    // Of the operator under way; they take the largest eigenvalues out of the random part of its trace.
    private readonly List<Vector> _ritzVectors = [];

    /// <summary>Curvature products spent so far.</summary>
    internal long Products { get; private set; }

    /// <summary>What the variances were computed from; null where none was.</summary>
    internal VarianceForm? VarianceForm { get; private set; }

    internal GradientReading MeasureGradient(CancellationToken cancellation)
    {
        if (!MeasuresVariance)
        {
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

    internal OperatorReading Measure(OperatorKind kind, CancellationToken cancellation)
    {
        var reading = new OperatorReading();
        if (request.Wants(BundleAnalysis.Spectrum))
        {
            reading = MeasureSpectrum(kind, cancellation);
        }
        else if (request.Wants(BundleAnalysis.Sharpness))
        {
            reading = MeasureEnds(kind, cancellation);
        }

        if (request.Wants(BundleAnalysis.Trace))
        {
            reading = MeasureTrace(kind, reading, cancellation);
        }

        return MeasuresVariance ? MeasureVariance(kind, reading, cancellation) : reading;
    }

    // Batch norm in train mode leaves no sample alone: what is left is the spread between micro-batches, and one batch has none.
    private bool MeasuresVariance => request.Wants(BundleAnalysis.Variance) && !(_normalisesItself && linearization.MicroBatches < 2);

    private OperatorReading MeasureTrace(OperatorKind kind, OperatorReading reading, CancellationToken cancellation)
    {
        progress.Begin($"{kind.Label()} trace, {_probes} products");
        var trace = _statistics.Trace(kind, new TraceOptions { Probes = _probes, Seed = request.Seed }, _ritzVectors, cancellation);
        Products += trace.Cost.CurvatureProducts;
        return reading with
        {
            Trace = trace.Trace.Value,
            TraceStderr = trace.Trace.Error,
            Frobenius = trace.Frobenius.Value,
            FrobeniusStderr = trace.Frobenius.Error,
            Layers = trace.Layers.ToDictionary(layer => layer.Layer, layer => new LayerReading { Trace = layer.Estimate.Value, TraceStderr = layer.Estimate.Error }),
        };
    }

    private OperatorReading MeasureVariance(OperatorKind kind, OperatorReading reading, CancellationToken cancellation)
    {
        progress.Begin($"{kind.Label()} variance, {_probes} products of every sample");
        var variance = _statistics.Variance(kind, new VarianceOptions { Probes = _probes, Seed = request.Seed }, directions: null, cancellation);
        Products += variance.Cost.CurvatureProducts;
        return reading with { Variance = variance.Isotropic!.Value, VarianceStderr = variance.Isotropic.Error };
    }

    // One Krylov space gives the density (its start vector is isotropic) and, run far enough, the ends.
    private OperatorReading MeasureSpectrum(OperatorKind kind, CancellationToken cancellation)
    {
        progress.Begin($"{kind.Label()} spectrum, Lanczos steps");
        var options = new SpectrumOptions
        {
            Steps = steps,
            Tolerance = AnalysisRequest.Tolerance,
            Probes = request.DensityProbes,
            Seed = request.Seed,
            TopEigenvalues = request.Top,
        };
        var spectrum = _analyzer.Spectrum(kind, options, progress, cancellation);
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
        progress.Begin($"{kind.Label()} sharpness, Lanczos steps");
        var ends = FindEnds(kind, 1, cancellation);
        return Ends(new OperatorReading { LanczosSteps = ends.Provenance.Steps, Converged = ends.Converged }, ends.LambdaMax!, ends.LambdaMin!);
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
