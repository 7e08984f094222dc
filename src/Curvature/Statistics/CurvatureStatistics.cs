using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Curvature.Stability;
using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Curvature.Statistics;

/// <summary>
/// Measures the statistics of the gradient and of the curvature of one objective at one θ, each with its error bar and
/// cost.
/// </summary>
/// <param name="linearization">The objective at θ; stays its creator's to dispose. One thread at a time.</param>
/// <param name="time">The clock that the cost is measured with.</param>
/// <remarks>
/// All numbers speak of the probe set: a standard error says how far random probes or batches may have missed what the
/// whole probe set would give, not how far the probe set is from the training data. Where nothing is drawn, the error
/// bar is what rounding may have done. One number is about the data, since batches are drawn from them: the error bar
/// of the gradient noise scale says how far that of the data may be.
/// </remarks>
public sealed class CurvatureStatistics(Linearization linearization, TimeProvider time)
{
    /// <summary>Norms of the gradient, its variance over samples, and the gradient noise scale.</summary>
    /// <param name="options">What the variance is computed from.</param>
    /// <param name="cancellationToken">Looked at every few samples.</param>
    /// <exception cref="ArgumentException">The options make no sense, or ask for single samples where batch norm is in
    /// train mode.</exception>
    /// <exception cref="CurvatureException">A gradient was not finite.</exception>
    /// <exception cref="TorchException">libtorch refused, for example for want of memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public GradientMeasurement Gradient(GradientOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new GradientOptions();
        var samples = new SampleVariance(linearization, options.Form, options.BatchSize, options.Seed);
        var partitions = samples.Form == VarianceForm.RandomBatches ? options.Partitions : 1;
        ArgumentOutOfRangeException.ThrowIfLessThan(
            partitions,
            samples.Form == VarianceForm.RandomBatches ? 2 : 1,
            nameof(options)
        );
        var started = time.GetTimestamp();
        using var gradient = NewVector();
        linearization.CopyGradient(gradient);
        var (norm, maximum) = (gradient.Norm(), gradient.MaxAbs());
        Finite.Require(norm, maximum, "the gradient");

        double[] terms = [];
        var draws = new RunningMoments();
        for (var partition = 0; partition < partitions; partition++)
        {
            terms = samples.GradientTerms(samples.Groups(partition), gradient, cancellationToken);
            draws.Add(RunningMoments.Of(terms).Mean);
        }

        var unit = Precision.Product(linearization.ElementType);
        var spread = samples.Form switch
        {
            VarianceForm.RandomBatches => SmallSample.ErrorOfPositive(draws),
            VarianceForm.FixedBatches => SmallSample.ErrorOfPositive(RunningMoments.Of(terms)),
            _ => 0,
        };
        var variance = new Estimate(draws.Mean, Math.Max(spread, unit * (draws.Mean + (norm * norm))));
        return new GradientMeasurement(
            new Estimate(norm, unit * norm),
            new Estimate(maximum, unit * norm),
            variance,
            NoiseScale(samples, terms, partitions, variance, gradient, options.Seed, cancellationToken),
            samples.Form,
            samples.BatchSize,
            Cost(0, started)
        );
    }

    private Estimate? NoiseScale(
        SampleVariance samples,
        double[] terms,
        int partitions,
        Estimate variance,
        Vector gradient,
        long seed,
        CancellationToken cancellationToken
    )
    {
        var square = gradient.Norm() * gradient.Norm();
        if (square <= 0 || terms.Length < 2)
        {
            return null;
        }

        // Terms of single samples are put together in groups, which need not go through the model one by one; those of
        // batches are such groups already.
        var order = NoiseScaleError.Order(linearization.SampleCount, seed);
        var perSample = samples.Form == VarianceForm.PerSample;
        var groups = perSample
            ? NoiseScaleError.Cut(order, linearization.Objective.MicroBatch)
            : samples.Groups(partitions - 1);
        var spreads = perSample ? NoiseScaleError.Means(terms, order, groups) : terms;
        var projections = samples.Projections(groups, gradient, square, cancellationToken);
        var error = NoiseScaleError.Of(groups, spreads, projections, variance.Value, square);
        return new Estimate(variance.Value / square, Math.Max(error, variance.Error / square));
    }

    /// <summary>Trace, Frobenius norm and the traces of the layers of one operator, from the same products.</summary>
    /// <param name="kind">Which operator.</param>
    /// <param name="options">How many probes.</param>
    /// <param name="deflation">The last Ritz vectors [P]: taken out and counted exactly, a product each. Null or empty
    /// takes out none.</param>
    /// <param name="cancellationToken">Looked at before every product.</param>
    /// <exception cref="ArgumentException">The options make no sense, or a vector does not fit.</exception>
    /// <exception cref="CurvatureException">A product was not finite.</exception>
    /// <exception cref="TorchException">libtorch refused, for example for want of memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public TraceMeasurement Trace(
        OperatorKind kind,
        TraceOptions? options = null,
        IReadOnlyList<Vector>? deflation = null,
        CancellationToken cancellationToken = default
    )
    {
        options ??= new TraceOptions();
        var started = time.GetTimestamp();
        var curvature = CurvatureAnalyzer.CreateOperator(kind, linearization);
        using var scratch = curvature as IDisposable;
        var result = StochasticTrace.Estimate(
            curvature,
            options,
            deflation,
            linearization.Objective.Parameters,
            cancellationToken
        );
        return new TraceMeasurement(
            result.Trace,
            result.Frobenius,
            result.Layers,
            result.Deflated,
            result.Exact,
            Provenance.Of(linearization, kind, 0, result.Probes, options.Seed),
            Cost(curvature.Products, started)
        );
    }

    /// <summary>How much one operator differs between samples, over all directions and along given ones.</summary>
    /// <param name="kind">Which operator.</param>
    /// <param name="options">How.</param>
    /// <param name="directions"> φ [P], for example the top eigenvectors; scaled to unit length here. Their part of the
    /// isotropic variance is counted exactly, which leaves less to chance where they are eigenvectors of the largest
    /// |λ|. Null or empty for none. </param>
    /// <param name="cancellationToken">Looked at every few samples.</param>
    /// <exception cref="ArgumentException">The options make no sense, or ask for single samples where batch norm is in
    /// train mode.</exception>
    /// <exception cref="CurvatureException">A product was not finite.</exception>
    /// <exception cref="TorchException">libtorch refused, for example for want of memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public VarianceMeasurement Variance(
        OperatorKind kind,
        VarianceOptions? options = null,
        IReadOnlyList<Vector>? directions = null,
        CancellationToken cancellationToken = default
    )
    {
        options ??= new VarianceOptions();
        ArgumentOutOfRangeException.ThrowIfNegative(options.Probes);
        ArgumentOutOfRangeException.ThrowIfEqual(options.Probes, 1);
        var samples = new SampleVariance(linearization, options.Form, options.BatchSize, options.Seed);
        ArgumentOutOfRangeException.ThrowIfLessThan(
            options.Partitions,
            samples.Form == VarianceForm.RandomBatches ? 2 : 1,
            nameof(options)
        );
        var started = time.GetTimestamp();
        var curvature = CurvatureAnalyzer.CreateOperator(kind, linearization);
        using var scratch = curvature as IDisposable;
        var variance = new HessianVariance(linearization, curvature, samples, options, cancellationToken);
        directions ??= [];
        var along = directions.Count > 0 ? variance.Along(directions) : [];
        var isotropic = options.Probes > 0 ? variance.Isotropic(directions) : null;
        return new VarianceMeasurement(
            isotropic,
            along,
            samples.Form,
            samples.BatchSize,
            variance.IsExact,
            Provenance.Of(linearization, kind, 0, options.Probes, options.Seed),
            Cost(curvature.Products + (variance.Passes * ProductsOf(kind)), started)
        );
    }

    /// <summary>
    /// Batch sharpness, E_B[gᵀH_B g/‖g‖²] over random batches of the probe set; for plain small-batch descent it
    /// compares with 2/η.
    /// </summary>
    /// <param name="options">The batch size and how many batches.</param>
    /// <param name="kind">Which operator; the Hessian in the definition.</param>
    /// <param name="cancellationToken">Looked at before every batch.</param>
    /// <exception cref="ArgumentException">The options make no sense.</exception>
    /// <exception cref="CurvatureException">A batch has a zero gradient, or one that is not finite.</exception>
    /// <exception cref="TorchException">libtorch refused, for example for want of memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public BatchSharpnessMeasurement BatchSharpness(
        BatchSharpnessOptions options,
        OperatorKind kind = OperatorKind.Hessian,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Batches, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.BatchSize, linearization.SampleCount);
        var started = time.GetTimestamp();
        var quotients = new double[options.Batches];
        for (var batch = 0; batch < options.Batches; batch++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var chosen = Shuffle.Draw(
                linearization.SampleCount,
                options.BatchSize,
                IsotropicStart.ProbeSeed(options.Seed, batch)
            );
            linearization.GroupRayleighQuotients(
                SampleVariance.Product(kind),
                SampleGroups.Cut(chosen, options.BatchSize),
                quotients.AsSpan(batch, 1)
            );
            Finite.Require([quotients[batch]], "the curvature along a batch's gradient (which may be zero)");
        }

        var sharpness = RunningMoments.Of(quotients).Mean;
        var passes =
            (((long)options.Batches * options.BatchSize) + linearization.SampleCount - 1) / linearization.SampleCount;
        var rounding = Precision.Product(linearization.ElementType) * Math.Abs(sharpness);
        return new BatchSharpnessMeasurement(
            new Estimate(sharpness, Math.Max(SmallSample.ErrorOf(quotients), rounding)),
            options.BatchSize,
            options.Batches,
            Provenance.Of(linearization, kind, 0, options.Batches, options.Seed),
            Cost(passes * ProductsOf(kind), started)
        );
    }

    /// <summary>The sharpness that Adam sees, and its ratio to Adam's stability limit.</summary>
    /// <param name="secondMoment">[P], ν as the optimiser holds it after step t, not corrected for bias.</param>
    /// <param name="adam">β1, β2, ε and the learning rate.</param>
    /// <param name="step">t, counted from 1.</param>
    /// <param name="kind">Which operator.</param>
    /// <param name="options">How well.</param>
    /// <param name="cancellationToken">Looked at before every product.</param>
    /// <exception cref="ArgumentException">The options make no sense, or ν does not fit.</exception>
    /// <exception cref="NonFiniteException">A product was not finite.</exception>
    /// <exception cref="TorchException">libtorch refused, for example for want of memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public PreconditionedSharpnessMeasurement PreconditionedSharpness(
        Vector secondMoment,
        AdamSettings adam,
        long step,
        OperatorKind kind = OperatorKind.Hessian,
        ExtremalOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(adam);
        options = (options ?? new ExtremalOptions()) with { Top = 1, Bottom = 0, ComputeVectors = false };
        var started = time.GetTimestamp();
        var curvature = CurvatureAnalyzer.CreateOperator(kind, linearization);
        using var scratch = curvature as IDisposable;
        using var preconditioned = PreconditionedOperator.ForAdam(
            curvature,
            secondMoment,
            adam.Beta1,
            adam.Beta2,
            step,
            adam.Epsilon
        );
        using var result = ExtremalEigenpairs.Find(preconditioned, options, cancellationToken: cancellationToken);
        var sharpness = result.LambdaMax!;
        return new PreconditionedSharpnessMeasurement(
            sharpness,
            StabilityRatio.Of(sharpness, StabilityLimit.For(adam, StabilityKind.Preconditioned)),
            result.Converged,
            Provenance.Of(linearization, kind, result.Steps, 1, options.Seed),
            Cost(curvature.Products, started)
        );
    }

    /// <summary>
    /// The sharpness of every layer alone: λ_max of its parameters' diagonal block, by Lanczos on the block.
    /// </summary>
    /// <param name="kind">Which operator.</param>
    /// <param name="options">How well.</param>
    /// <param name="cancellationToken">Looked at before every product.</param>
    /// <exception cref="ArgumentException">The options make no sense.</exception>
    /// <exception cref="NonFiniteException">A product was not finite.</exception>
    /// <exception cref="TorchException">libtorch refused, for example for want of memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public LayerSharpnessMeasurement LayerSharpness(
        OperatorKind kind,
        ExtremalOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        options = (options ?? new ExtremalOptions()) with { Top = 1, Bottom = 0, ComputeVectors = false };
        var started = time.GetTimestamp();
        var curvature = CurvatureAnalyzer.CreateOperator(kind, linearization);
        using var scratch = curvature as IDisposable;
        var layers = new List<LayerEstimate>();
        var (converged, steps) = (true, 0);
        foreach (var slot in linearization.Objective.Parameters)
        {
            using var block = new BlockOperator(curvature, slot.Name, slot.Offset, slot.Count);
            using var result = ExtremalEigenpairs.Find(block, options, cancellationToken: cancellationToken);
            layers.Add(new LayerEstimate(slot.Name, slot.Count, result.LambdaMax!));
            converged &= result.Converged;
            steps = Math.Max(steps, result.Steps);
        }

        return new LayerSharpnessMeasurement(
            layers,
            converged,
            Provenance.Of(linearization, kind, steps, 1, options.Seed),
            Cost(curvature.Products, started)
        );
    }

    /// <summary>
    /// The curvature along an earlier checkpoint's eigenvectors, their overlap with the current ones, and the
    /// gradient's alignment with those.
    /// </summary>
    /// <param name="kind">Which operator.</param>
    /// <param name="earlier">Eigenvectors [P] kept from an earlier step; may be empty.</param>
    /// <param name="current">The top eigenvectors [P] of this checkpoint; may be empty.</param>
    /// <param name="cancellationToken">Looked at before every product.</param>
    /// <exception cref="ArgumentException">A vector does not fit the model, or is zero.</exception>
    /// <exception cref="CurvatureException">A product was not finite.</exception>
    /// <exception cref="TorchException">libtorch refused, for example for want of memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public TrackingMeasurement Track(
        OperatorKind kind,
        IReadOnlyList<Vector> earlier,
        IReadOnlyList<Vector> current,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(earlier);
        ArgumentNullException.ThrowIfNull(current);
        var started = time.GetTimestamp();
        var curvature = CurvatureAnalyzer.CreateOperator(kind, linearization);
        using var scratch = curvature as IDisposable;
        using var gradient = NewVector();
        linearization.CopyGradient(gradient);
        var alignments = Eigenspaces.Alignments(gradient, current);
        return new TrackingMeasurement(
            Eigenspaces.Curvature(curvature, earlier, cancellationToken),
            Eigenspaces.Overlaps(earlier, current),
            Eigenspaces.SubspaceOverlap(earlier, current),
            Eigenspaces.Alignment(gradient, current),
            alignments,
            Provenance.Of(linearization, kind, 0, earlier.Count, 0),
            Cost(curvature.Products, started)
        );
    }

    /// <summary>The norms of θ, whole and layer by layer.</summary>
    /// <param name="theta">[P], the parameters that the linearization was made at.</param>
    /// <exception cref="TorchException">θ does not fit.</exception>
    public WeightNorms WeightNorms(Vector theta) =>
        Contracts.Measurements.WeightNorms.Of(theta, linearization.Objective.Parameters);

    private static long ProductsOf(OperatorKind kind) => kind == OperatorKind.Residual ? 2 : 1;

    private Vector NewVector() =>
        Vector.Zeros(linearization.ParameterCount, linearization.ElementType, linearization.Device);

    private MeasurementCost Cost(long products, long started) =>
        new(products, time.GetElapsedTime(started).TotalSeconds, linearization.PeakBytes);
}
