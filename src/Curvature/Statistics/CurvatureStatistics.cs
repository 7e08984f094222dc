using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Stability;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Derivatives.Errors;

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
    /// <exception cref="DerivativeException">libtorch refused, for example for want of memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public GradientMeasurement Gradient(
        GradientOptions? options = null,
        CancellationToken cancellationToken = default
    ) => new GradientStatistics(linearization, time).Measure(options ?? new GradientOptions(), cancellationToken);

    /// <summary>Trace, Frobenius norm and the traces of the layers of one operator, from the same products.</summary>
    /// <param name="kind">Which operator.</param>
    /// <param name="options">How many probes.</param>
    /// <param name="deflation">The last Ritz vectors [P]: taken out and counted exactly, a product each. Null or empty
    /// takes out none.</param>
    /// <param name="cancellationToken">Looked at before every product.</param>
    /// <exception cref="ArgumentException">The options make no sense, or a vector does not fit.</exception>
    /// <exception cref="CurvatureException">A product was not finite.</exception>
    /// <exception cref="DerivativeException">libtorch refused, for example for want of memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public TraceMeasurement Trace(
        OperatorKind kind,
        TraceOptions? options = null,
        IReadOnlyList<Vector>? deflation = null,
        CancellationToken cancellationToken = default
    ) =>
        new TraceStatistics(linearization, time).Measure(
            kind,
            options ?? new TraceOptions(),
            deflation,
            cancellationToken
        );

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
    /// <exception cref="DerivativeException">libtorch refused, for example for want of memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public VarianceMeasurement Variance(
        OperatorKind kind,
        VarianceOptions? options = null,
        IReadOnlyList<Vector>? directions = null,
        CancellationToken cancellationToken = default
    ) =>
        new VarianceStatistics(linearization, time).Measure(
            kind,
            options ?? new VarianceOptions(),
            directions ?? [],
            cancellationToken
        );

    /// <summary>
    /// Batch sharpness, E_B[gᵀH_B g/‖g‖²] over random batches of the probe set; for plain small-batch descent it
    /// compares with 2/η.
    /// </summary>
    /// <param name="options">The batch size and how many batches.</param>
    /// <param name="kind">Which operator; the Hessian in the definition.</param>
    /// <param name="cancellationToken">Looked at before every batch.</param>
    /// <exception cref="ArgumentException">The options make no sense.</exception>
    /// <exception cref="CurvatureException">A batch has a zero gradient, or one that is not finite.</exception>
    /// <exception cref="DerivativeException">libtorch refused, for example for want of memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public BatchSharpnessMeasurement BatchSharpness(
        BatchSharpnessOptions options,
        OperatorKind kind = OperatorKind.Hessian,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        return new Statistics.BatchSharpness(linearization, time).Measure(kind, options, cancellationToken);
    }

    /// <summary>The sharpness that an adaptive optimiser sees, and its ratio to the stability limit.</summary>
    /// <param name="secondMoment">[P], ν as the optimiser holds it after step t, not corrected for bias; infinite where
    /// a parameter is not stepped.</param>
    /// <param name="optimizer">The optimiser, at step t.</param>
    /// <param name="step">t, counted from 1.</param>
    /// <param name="kind">Which operator.</param>
    /// <param name="options">How well.</param>
    /// <param name="cancellationToken">Looked at before every product.</param>
    /// <exception cref="ArgumentException">The options make no sense, ν does not fit, or the optimiser does not divide
    /// its steps.</exception>
    /// <exception cref="NonFiniteException">A product was not finite.</exception>
    /// <exception cref="DerivativeException">libtorch refused, for example for want of memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public PreconditionedSharpnessMeasurement PreconditionedSharpness(
        Vector secondMoment,
        OptimizerSettings optimizer,
        long step,
        OperatorKind kind = OperatorKind.Hessian,
        ExtremalOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        return new Statistics.PreconditionedSharpness(linearization, time).Measure(
            kind,
            secondMoment,
            optimizer,
            optimizer.PreconditionerAt(step)
                ?? throw new ArgumentException($"{optimizer.Name} does not divide its steps", nameof(optimizer)),
            options ?? new ExtremalOptions(),
            cancellationToken
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
    /// <exception cref="DerivativeException">libtorch refused, for example for want of memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public LayerSharpnessMeasurement LayerSharpness(
        OperatorKind kind,
        ExtremalOptions? options = null,
        CancellationToken cancellationToken = default
    ) =>
        new Statistics.LayerSharpness(linearization, time).Measure(
            kind,
            options ?? new ExtremalOptions(),
            cancellationToken
        );

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
    /// <exception cref="DerivativeException">libtorch refused, for example for want of memory.</exception>
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
        return new EigenvectorTracking(linearization, time).Measure(kind, earlier, current, cancellationToken);
    }

    /// <summary>The norms of θ, whole and layer by layer.</summary>
    /// <param name="theta">[P], the parameters that the linearization was made at.</param>
    /// <exception cref="DerivativeException">θ does not fit.</exception>
    public WeightNorms WeightNorms(Vector theta) =>
        Contracts.Measurements.WeightNorms.Of(theta, linearization.Objective.Parameters);
}
