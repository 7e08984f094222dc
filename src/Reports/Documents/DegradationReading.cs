using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Reports.Documents;

/// <summary>
/// What the engine gave up for want of memory or of an exact derivative; absent parts were not touched.
/// </summary>
internal sealed record DegradationReading
{
    /// <summary><c>rebuilt</c> where graphs are built again at every product.</summary>
    public string? Graphs { get; init; }

    /// <summary>Samples a forward pass, where fewer than the bundle asks for fit.</summary>
    public int? MicroBatch { get; init; }

    /// <summary>
    /// libtorch's words on the operation without a second derivative: the products are finite differences.
    /// </summary>
    public string? FiniteDifferences { get; init; }

    /// <summary>The largest relative change of such a product when its step is halved.</summary>
    public double? Discrepancy { get; init; }

    /// <summary>Why libtorch's own interpreter runs the TorchScript model.</summary>
    public string? FallBack { get; init; }

    /// <summary>True where the derivatives of the way that the program took were not looked at.</summary>
    public bool? Unchecked { get; init; }

    internal static DegradationReading? Of(Degradation? degradation) =>
        degradation is null
            ? null
            : new DegradationReading
            {
                Graphs = degradation.GraphsRebuilt ? "rebuilt" : null,
                MicroBatch = degradation.MicroBatch,
                FiniteDifferences = degradation.FiniteDifferences,
                Discrepancy = degradation.Discrepancy,
                FallBack = degradation.FallBack,
                Unchecked = degradation.IsUnchecked ? true : null,
            };
}
