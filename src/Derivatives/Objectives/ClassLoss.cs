using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Objectives;

/// <summary>
/// Cross-entropy and negative log-likelihood with class weights, labels that do not count, label smoothing and targets
/// that are shares of classes, as PyTorch has them, for outputs [N, K, …]. With class numbers as targets L is divided
/// by the weights of all targets that count; with shares, by the number of positions.
/// </summary>
/// <param name="loss">The options.</param>
/// <param name="weights">A weight a class; null where they are equal.</param>
/// <param name="scale">What a position's loss is multiplied with: N through the sum of all weights.</param>
internal sealed class ClassLoss(LossDescription loss, LossWeights? weights, double scale = 1) : LossFunction
{
    /// <inheritdoc/>
    internal override bool ClassifiesSamples => true;

    /// <inheritdoc/>
    internal override object Key => loss;

    private bool TakesLogits => loss.Kind == Loss.CrossEntropy;

    /// <inheritdoc/>
    internal override LossFunction For(Tensor targets)
    {
        using var scope = NewDisposeScope();
        if (targets.is_floating_point())
        {
            // A mean over positions: a sample's share is its positions' sum over their number.
            return new ClassLoss(loss, weights, 1);
        }

        double total = WeightOf(targets, Counts(targets), targets).sum().to(ScalarType.Float64).item<double>();
        return total > 0
            ? new ClassLoss(loss, weights, targets.shape[0] / total)
            : throw Arguments.Invalid("no target counts: the loss ignores all of them, or gives them no weight");
    }

    /// <inheritdoc/>
    internal override void Check(Tensor outputs, Tensor targets)
    {
        bool shares = targets.is_floating_point();
        long[] wanted =
            outputs.dim() < 2 ? []
            : shares ? outputs.shape
            : [outputs.shape[0], .. outputs.shape[2..]];
        if (outputs.dim() < 2 || !wanted.Skip(1).SequenceEqual(targets.shape.Skip(1)) || (shares && !TakesLogits))
        {
            throw Arguments.Invalid(
                $"the model's output has shape {ShapeOf(outputs)}; {loss.Kind.Label()} of targets {ShapeOf(targets)} "
                    + "needs [samples, classes, …], and targets without, or of, that shape"
            );
        }

        long classes = outputs.shape[1];
        if (weights is not null && !weights.Shape.SequenceEqual([classes]))
        {
            throw Arguments.Invalid($"the loss has {weights.Values.Count} class weights for {classes} outputs");
        }

        if (shares)
        {
            return;
        }

        using var counting = Counts(targets);
        using var judged = targets.masked_select(counting);
        if (judged.NumberOfElements > 0 && (judged.min().item<long>() < 0 || judged.max().item<long>() >= classes))
        {
            throw Arguments.Invalid(
                $"class labels go from {judged.min().item<long>()} to {judged.max().item<long>()}, but the model has "
                    + $"{classes} outputs"
            );
        }
    }

    /// <inheritdoc/>
    internal override Tensor Sum(Tensor outputs, Tensor targets)
    {
        var logs = TakesLogits ? outputs.log_softmax(1) : outputs;
        if (targets.is_floating_point())
        {
            return (Wanted(outputs, targets) * logs).sum().Times(-scale / Positions(outputs));
        }

        // Labels that do not count stand for class 0 with a weight of 0.
        using var counting = Counts(targets);
        var labels = targets.mul(counting);
        var weight = WeightOf(targets, counting, outputs);
        var picked = (logs.gather(1, labels.unsqueeze(1)).squeeze(1) * weight).sum().Times(loss.LabelSmoothing - 1);
        if (loss.LabelSmoothing == 0)
        {
            return picked.Times(scale);
        }

        var all = weights is null ? logs.sum(1) : (logs * PerClass(outputs)).sum(1);
        var spread = (all * counting.to(outputs.dtype)).sum().Times(loss.LabelSmoothing / outputs.shape[1]);
        return (picked - spread).Times(scale);
    }

    /// <inheritdoc/>
    internal override Tensor OutputHessianProduct(Tensor outputs, Tensor targets, Tensor u)
    {
        if (!TakesLogits)
        {
            return zeros_like(u);
        }

        // −Σ q_c log p_c has the second derivative (Σ q) (diag p − p pᵀ).
        var p = outputs.softmax(1);
        var pu = p * u;
        var product = pu - (p * pu.sum(1, keepdim: true));
        if (targets.is_floating_point())
        {
            return (product * Wanted(outputs, targets).sum(1, keepdim: true)).Times(scale / Positions(outputs));
        }

        using var counting = Counts(targets);
        var mean = weights is null ? ones_like(p.sum(1)) : ones_like(p.sum(1)) * weights.Like(outputs).mean();
        var mass = WeightOf(targets, counting, outputs)
            .Times(1 - loss.LabelSmoothing)
            .Plus((mean * counting.to(outputs.dtype)).Times(loss.LabelSmoothing));
        return (product * mass.unsqueeze(1)).Times(scale);
    }

    /// <inheritdoc/>
    internal override long CountCorrect(Tensor outputs, Tensor targets) =>
        outputs.argmax(1).eq(targets.is_floating_point() ? targets.argmax(1) : targets).sum().item<long>();

    /// <inheritdoc/>
    internal override long CountGuesses(Tensor targets) =>
        targets.is_floating_point()
            ? targets.NumberOfElements / targets.shape[1]
            : Counts(targets).sum().item<long>();

    private static double Positions(Tensor outputs) =>
        (double)outputs.NumberOfElements / (outputs.shape[0] * outputs.shape[1]);

    private Tensor Counts(Tensor targets) =>
        loss.IgnoreIndex is { } ignored ? targets.Equal(ignored).logical_not() : ones_like(targets, ScalarType.Bool);

    // The weight of each label, 0 where it does not count.
    private Tensor WeightOf(Tensor targets, Tensor counting, Tensor like)
    {
        var type = like.is_floating_point() ? like.dtype : ScalarType.Float64;
        return weights is null
            ? counting.to(type)
            : weights.Like(like).index_select(0, targets.mul(counting).flatten()).view(targets.shape)
                * counting.to(type);
    }

    // [1, K, 1, …].
    private Tensor PerClass(Tensor outputs)
    {
        long[] shape = new long[outputs.dim()];
        Array.Fill(shape, 1);
        shape[1] = outputs.shape[1];
        return weights!.Like(outputs).view(shape);
    }

    // Shares of classes, smoothed and weighted.
    private Tensor Wanted(Tensor outputs, Tensor targets)
    {
        var smooth =
            loss.LabelSmoothing == 0
                ? targets
                : targets.Times(1 - loss.LabelSmoothing).Raised(loss.LabelSmoothing / outputs.shape[1]);
        return weights is null ? smooth : smooth * PerClass(outputs);
    }
}
