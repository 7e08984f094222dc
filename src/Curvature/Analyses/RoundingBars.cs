using CurvatureMonitor.Contracts.Measurements;

namespace CurvatureMonitor.Curvature.Analyses;

/// <summary>
/// Error bars that cover what casts of the program round: every number was measured with them and without, from the
/// same vectors, and the distance of the two is added to the wider of their own error bars. So the bar of a number with
/// the casts holds the exact one as surely as that without them does.
/// </summary>
internal static class RoundingBars
{
    internal static SharpnessMeasurement Widen(SharpnessMeasurement kept, SharpnessMeasurement exact) =>
        kept with
        {
            Top = Widen(kept.Top, exact.Top),
            Bottom = Widen(kept.Bottom, exact.Bottom),
            Cost = kept.Cost + exact.Cost,
        };

    internal static SpectrumMeasurement Widen(SpectrumMeasurement kept, SpectrumMeasurement exact) =>
        kept with
        {
            Eigenvalues = Widen(kept.Eigenvalues, exact.Eigenvalues),
            Smallest = Widen(kept.Smallest, exact.Smallest),
            Trace = Widen(kept.Trace, exact.Trace),
            Shape = kept.Shape is { } shape && exact.Shape is { } other ? ShapeBars.Widen(shape, other) : kept.Shape,
            Cost = kept.Cost + exact.Cost,
        };

    internal static TraceMeasurement Widen(TraceMeasurement kept, TraceMeasurement exact) =>
        kept with
        {
            Trace = Widen(kept.Trace, exact.Trace),
            Frobenius = Widen(kept.Frobenius, exact.Frobenius),
            Layers = Widen(kept.Layers, exact.Layers),
            Cost = kept.Cost + exact.Cost,
        };

    internal static VarianceMeasurement Widen(VarianceMeasurement kept, VarianceMeasurement exact) =>
        kept with
        {
            Isotropic = OrNull(kept.Isotropic, exact.Isotropic),
            Directional = Widen(kept.Directional, exact.Directional),
            Cost = kept.Cost + exact.Cost,
        };

    internal static BatchSharpnessMeasurement Widen(BatchSharpnessMeasurement kept, BatchSharpnessMeasurement exact) =>
        kept with { Sharpness = Widen(kept.Sharpness, exact.Sharpness), Cost = kept.Cost + exact.Cost };

    internal static PreconditionedSharpnessMeasurement Widen(
        PreconditionedSharpnessMeasurement kept,
        PreconditionedSharpnessMeasurement exact
    )
    {
        var sharpness = Widen(kept.Sharpness, exact.Sharpness);
        return kept with
        {
            Sharpness = sharpness,
            Ratio = StabilityRatio.Of(sharpness, kept.Ratio?.Limit),
            Cost = kept.Cost + exact.Cost,
        };
    }

    internal static ScaledSharpness Widen(ScaledSharpness kept, ScaledSharpness exact) =>
        kept with { Sharpness = Widen(kept.Sharpness, exact.Sharpness), Cost = kept.Cost + exact.Cost };

    internal static EigenpairsMeasurement Widen(EigenpairsMeasurement kept, EigenpairsMeasurement exact) =>
        kept with
        {
            Largest = Widen(kept.Largest, exact.Largest),
            Smallest = Widen(kept.Smallest, exact.Smallest),
            Cost = kept.Cost + exact.Cost,
        };

    internal static LayerSharpnessMeasurement Widen(LayerSharpnessMeasurement kept, LayerSharpnessMeasurement exact) =>
        kept with { Layers = Widen(kept.Layers, exact.Layers), Cost = kept.Cost + exact.Cost };

    internal static ModulesMeasurement Widen(ModulesMeasurement kept, ModulesMeasurement exact) =>
        kept with
        {
            Modules =
            [
                .. kept.Modules.Zip(
                    exact.Modules,
                    (one, other) =>
                        one with
                        {
                            LambdaMax = Widen(one.LambdaMax, other.LambdaMax),
                            Trace = Widen(one.Trace, other.Trace),
                        }
                ),
            ],
            Cost = kept.Cost + exact.Cost,
        };

    internal static DeflatedMeasurement Widen(DeflatedMeasurement kept, DeflatedMeasurement exact) =>
        kept with { Outliers = Widen(kept.Outliers, exact.Outliers), Cost = kept.Cost + exact.Cost };

    internal static TrackingMeasurement Widen(TrackingMeasurement kept, TrackingMeasurement exact) =>
        kept with
        {
            Curvature = Widen(kept.Curvature, exact.Curvature),
            SubspaceOverlap = OrNull(kept.SubspaceOverlap, exact.SubspaceOverlap),
            GradientAlignment = OrNull(kept.GradientAlignment, exact.GradientAlignment),
            Cost = kept.Cost + exact.Cost,
        };

    internal static GradientMeasurement Widen(GradientMeasurement kept, GradientMeasurement exact) =>
        kept with
        {
            Norm = Widen(kept.Norm, exact.Norm),
            Maximum = Widen(kept.Maximum, exact.Maximum),
            Variance = Widen(kept.Variance, exact.Variance),
            NoiseScale = OrNull(kept.NoiseScale, exact.NoiseScale),
            Cost = kept.Cost + exact.Cost,
        };

    internal static BatchSpectrumMeasurement Widen(BatchSpectrumMeasurement kept, BatchSpectrumMeasurement exact) =>
        kept with
        {
            Eigenvalues = [.. kept.Eigenvalues.Zip(exact.Eigenvalues, Widen)],
            Smallest = Widen(kept.Smallest, exact.Smallest),
            Overlap = kept.Overlap is { } overlap && exact.Overlap is { } other ? Widen(overlap, other) : null,
            Cost = kept.Cost + exact.Cost,
        };

    // What is not there without the casts leaves no distance to tell, and so no bound.
    private static Estimate? OrNull(Estimate? kept, Estimate? exact) =>
        kept is null || exact is null ? null : Widen(kept, exact);

    private static Estimate Widen(Estimate kept, Estimate exact) =>
        kept with { Error = Math.Abs(kept.Value - exact.Value) + Math.Max(kept.Error, exact.Error) };

    private static Spread Widen(Spread kept, Spread exact) =>
        kept with { StandardError = Widen(kept.Estimate, exact.Estimate).Error };

    // A number without its like among the others has none whose distance could be told, and is left out.
    private static IReadOnlyList<Estimate> Widen(IReadOnlyList<Estimate> kept, IReadOnlyList<Estimate> exact) =>
        [.. kept.Zip(exact, Widen)];

    private static IReadOnlyList<LayerEstimate> Widen(
        IReadOnlyList<LayerEstimate> kept,
        IReadOnlyList<LayerEstimate> exact
    ) =>
        [
            .. kept.Zip(exact, (one, other) => one with { Estimate = Widen(one.Estimate, other.Estimate) }),
        ];
}
