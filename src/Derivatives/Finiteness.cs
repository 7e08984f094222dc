using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Objectives;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives;

/// <summary>Whether numbers are finite, and where the first one is that is not.</summary>
internal static class Finiteness
{
    /// <summary>Whether every number is.</summary>
    internal static bool IsFinite(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        var values = tensor.detach();

        // A sum is finite only if every term is, and costs one pass without a temporary; the rare sum that overflows is
        // looked at again.
        return double.IsFinite(values.sum().to(ScalarType.Float64).item<double>())
            || values.isfinite().all().item<bool>();
    }

    internal static DerivativeException NonFinite(string message) => new(DerivativeErrorKind.NonFinite, message);

    /// <summary>The name and place of the first such entry of a flat vector: <c>fc1.weight[17]</c>.</summary>
    internal static string First(FlatLayout layout, Tensor flat)
    {
        using var scope = NewDisposeScope();
        return Find(layout, layout.Split(flat)) ?? "a parameter";
    }

    /// <summary>Samples by their numbers.</summary>
    internal static string Describe(long start, long count) =>
        count == 1
            ? FormattableString.Invariant($"sample {start}")
            : FormattableString.Invariant($"samples {start} to {start + count - 1}");

    /// <summary>Refuses a point with such a number.</summary>
    internal static void Require(Objective objective, Point point)
    {
        if (Find(objective.ParameterLayout, point.Leaves) is { } parameter)
        {
            throw NonFinite(
                $"parameter {parameter} is NaN or infinite: the training has diverged; choose an earlier checkpoint"
            );
        }

        if (Find(objective.BufferLayout, point.Buffers) is { } buffer)
        {
            throw NonFinite(
                $"buffer {buffer} is NaN or infinite: the training has diverged; choose an earlier checkpoint"
            );
        }
    }

    /// <summary>Says where in a batch it began: inputs, outputs, loss or gradient.</summary>
    internal static DerivativeException Explain(
        FlatLayout layout,
        long start,
        Batch batch,
        Tensor outputs,
        IReadOnlyList<Tensor?>? gradients
    )
    {
        using var scope = NewDisposeScope();
        string samples = Describe(start, batch.Count);
        var wrong = batch.Inputs.FirstOrDefault(input => input.is_floating_point() && !IsFinite(input));
        if (wrong is not null)
        {
            long sample = start + FirstRow(wrong.reshape(batch.Count, -1));
            return NonFinite(
                FormattableString.Invariant($"the inputs of sample {sample} hold NaN or an infinity; ")
                    + "mend the probe set"
            );
        }

        if (!IsFinite(outputs))
        {
            return NonFinite(
                $"the model's outputs for {samples} hold NaN or an infinity: an operation of the model overflows, or "
                    + "divides by zero"
            );
        }

        return gradients is null
            ? NonFinite(
                $"the loss of {samples} is not finite, though the outputs are: they are too large for the loss"
            )
            : NonFinite(
                $"the gradient of the loss of {samples} is not finite, first in "
                    + $"{Find(layout, gradients) ?? "a parameter"}: the derivative of an operation overflows, or "
                    + "divides by zero"
            );
    }

    private static string? Find(FlatLayout layout, IReadOnlyList<Tensor?> tensors)
    {
        using var scope = NewDisposeScope();
        for (int i = 0; i < tensors.Count; i++)
        {
            if (tensors[i] is { } tensor && tensor.is_floating_point() && !IsFinite(tensor))
            {
                long place = FirstRow(tensor.detach().reshape(-1, 1));
                return FormattableString.Invariant($"{layout.Slots[i].Name}[{place}]");
            }
        }

        return null;
    }

    private static long FirstRow(Tensor rows) =>
        rows.isfinite().all(1).logical_not().to(ScalarType.Int32).argmax().item<long>();
}
