using System.Globalization;

namespace CurvatureMonitor.Contracts.Measurements;

/// <summary>
/// How products came to be made otherwise than asked for: what was given up for want of memory, in the order of
/// docs/memory.md, and whether they are approximate. Giving up memory changes the rounding of a product and its cost,
/// and nothing else.
/// </summary>
/// <param name="GraphsRebuilt">Whether the graphs of some micro-batches are built again at every product, because
/// keeping them did not fit.</param>
/// <param name="MicroBatch">Samples a forward pass, where fewer than asked for fit; absent when it is as asked
/// for.</param>
/// <param name="FiniteDifferences"> Absent where products are exact. Else they are central differences of first
/// derivatives, because an operation lacks the second one: libtorch's words on it. </param>
/// <param name="Discrepancy"> With finite differences: the largest ‖D(h) − D(h/2)‖ / ‖D(h/2)‖ of the products so far,
/// beyond what rounding explains; about three times the relative error of a product. </param>
public sealed record Degradation(bool GraphsRebuilt, int? MicroBatch, string? FiniteDifferences, double? Discrepancy)
{
    /// <summary>
    /// Why libtorch's interpreter runs the TorchScript model, and not the one that is written for second derivatives;
    /// absent where it does not.
    /// </summary>
    public string? FallBack { get; init; }

    /// <summary>
    /// Whether the program took a way that was not looked at for wrong derivatives, as a number of others were before.
    /// </summary>
    public bool IsUnchecked { get; init; }

    /// <summary>One line for a person.</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        if (GraphsRebuilt)
        {
            parts.Add("graphs are rebuilt at every product");
        }

        if (MicroBatch is { } samples)
        {
            parts.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"forward passes take {samples} {(samples == 1 ? "sample" : "samples")}"
                )
            );
        }

        if (FiniteDifferences is { } lack)
        {
            parts.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"products are finite differences, which halving the step changes by {100 * Discrepancy:g2} % at "
                        + $"most ({lack})"
                )
            );
        }

        if (FallBack is { } reason)
        {
            parts.Add($"libtorch's own interpreter runs the model ({reason})");
        }

        if (IsUnchecked)
        {
            parts.Add("the program branches in so many ways that the derivatives of this one were not checked");
        }

        return string.Join("; ", parts);
    }
}
