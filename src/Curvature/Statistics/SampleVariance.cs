using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Derivatives.Linearizations;

namespace CurvatureMonitor.Curvature.Statistics;

/// <summary>
/// The variance of single samples from groups of them. For a partition of N samples into M groups of b_B samples, drawn
/// at random, (N − 1)/(N(M − 1)) Σ_B b_B ‖x_B − x̄‖² is unbiased for (1/N) Σ ‖x_i − x̄‖², x_B the group means: the
/// analysis of variance of one sample out of a finite population. Groups of one sample give the variance itself.
/// </summary>
internal sealed class SampleVariance
{
    // Groups a native call: cancellation is looked at in between.
    private const int GroupsPerCall = 64;

    private readonly Linearization _at;
    private readonly long _seed;

    /// <exception cref="UserErrorException">The form has no meaning here, or the batch size leaves fewer than two
    /// groups.</exception>
    internal SampleVariance(Linearization at, VarianceForm? form, int? batchSize, long seed)
    {
        _at = at;
        _seed = seed;
        var objective = at.Objective;
        var selfNormalised = objective.CouplesSamples;
        Form = form ?? (selfNormalised ? VarianceForm.FixedBatches : VarianceForm.PerSample);
        if (selfNormalised && Form != VarianceForm.FixedBatches)
        {
            throw new UserErrorException(
                "a sample depends on its micro-batch (batch norm in mode train, or a loss over a batch as a whole), so "
                    + "there is no gradient of a sample alone; measure in mode eval, or from the fixed batches"
            );
        }

        BatchSize = Form switch
        {
            VarianceForm.PerSample => 1,
            VarianceForm.RandomBatches => batchSize ?? objective.MicroBatch,
            VarianceForm.FixedBatches => objective.MicroBatch,
            _ => throw new ArgumentOutOfRangeException(nameof(form), form, "there is no such form"),
        };
        ArgumentOutOfRangeException.ThrowIfLessThan(BatchSize, 1, nameof(batchSize));
        if (BatchSize >= objective.SampleCount && objective.SampleCount > 1)
        {
            throw new UserErrorException(
                $"{objective.SampleCount} samples in batches of {BatchSize} make one batch, which has no spread; use a "
                    + $"smaller batch, or the per-sample form"
            );
        }
    }

    internal VarianceForm Form { get; }

    internal int BatchSize { get; }

    private long Samples => _at.SampleCount;

    /// <summary>The groups of the form; for random batches, those of one partition.</summary>
    internal SampleGroups Groups(long partition) =>
        Form == VarianceForm.RandomBatches
            ? SampleGroups.Cut(
                Shuffle.Draw(
                    Samples,
                    Samples,
                    Krylov.IsotropicStart.ProbeSeed(_seed ^ 0x5DEECE66D, checked((int)partition + 1))
                ),
                BatchSize
            )
            : SampleGroups.InOrder(Samples, BatchSize, joinsLast: _at.Objective.CouplesSamples);

    /// <summary>b_B ‖∇L_B − g‖² for every group, times what makes their mean the estimate.</summary>
    internal double[] GradientTerms(SampleGroups groups, Vector gradient, CancellationToken cancellation)
    {
        var terms = Squares(groups, gradient, cancellation);
        Weigh(groups, terms, 1);
        return terms;
    }

    /// <summary>gᵀ∇L_B for every group, by two passes: (‖∇L_B‖² + ‖g‖² − ‖∇L_B − g‖²)/2.</summary>
    internal double[] Projections(
        SampleGroups groups,
        Vector gradient,
        double squaredNorm,
        CancellationToken cancellation
    )
    {
        using var zero = gradient.ZerosLike();
        var squares = Squares(groups, zero, cancellation);
        var distances = Squares(groups, gradient, cancellation);
        return [.. squares.Zip(distances, (square, distance) => (square + squaredNorm - distance) / 2)];
    }

    /// <summary>
    /// b_B ‖A_B v_i − A v_i‖² for every group (rows) and direction, times what makes the mean over groups the estimate.
    /// </summary>
    internal double[] ProductTerms(
        OperatorKind kind,
        SampleGroups groups,
        Basis directions,
        Basis centres,
        CancellationToken cancellation
    )
    {
        var count = directions.Count;
        var terms = new double[groups.Count * count];
        for (var first = 0; first < groups.Count; first += GroupsPerCall)
        {
            cancellation.ThrowIfCancellationRequested();
            var slice = groups.Slice(first, Math.Min(GroupsPerCall, groups.Count - first));
            _at.GroupProductSquares(
                Product(kind),
                slice,
                directions,
                centres,
                terms.AsSpan(first * count, slice.Count * count)
            );
        }

        Finite.Require(terms, $"the {kind.Label()} of a sample");
        Weigh(groups, terms, count);
        return terms;
    }

    internal static GroupProduct Product(OperatorKind kind) =>
        kind switch
        {
            OperatorKind.Hessian => GroupProduct.Hessian,
            OperatorKind.GaussNewton => GroupProduct.GaussNewton,
            OperatorKind.Residual => GroupProduct.Residual,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "there is no such operator"),
        };

    private double[] Squares(SampleGroups groups, Vector centre, CancellationToken cancellation)
    {
        var squares = new double[groups.Count];
        for (var first = 0; first < groups.Count; first += GroupsPerCall)
        {
            cancellation.ThrowIfCancellationRequested();
            var slice = groups.Slice(first, Math.Min(GroupsPerCall, groups.Count - first));
            _at.GroupGradientSquares(slice, centre, squares.AsSpan(first, slice.Count));
        }

        Finite.Require(squares, "the gradient of a sample");
        return squares;
    }

    // One sample has no variance, and 0 · 0/0 must not make it NaN.
    private void Weigh(SampleGroups groups, double[] terms, int stride)
    {
        var groupCount = (double)groups.Count;
        var factor = groups.Count == 1 ? 0 : (Samples - 1) * groupCount / (Samples * (groupCount - 1));
        for (var i = 0; i < terms.Length; i++)
        {
            terms[i] *= factor * groups.SizeOf(i / stride);
        }
    }
}
