using CurvatureMonitor.Contracts.Analyses;

namespace CurvatureMonitor.Contracts.Measurements;

/// <summary>Statistics of the gradient g = ∇L(θ) and of the gradients g_i of single samples.</summary>
/// <param name="Norm">‖g‖, the L2 norm.</param>
/// <param name="Maximum">max |g_k|, the L∞ norm.</param>
/// <param name="Variance">(1/N) Σ ‖g_i‖² − ‖g‖² = tr Σ, the trace of the covariance of the samples' gradients over the
/// probe set.</param>
/// <param name="NoiseScale"> tr(Σ)/‖g‖², the batch size at which noise and signal of a gradient are equal (McCandlish
/// et al. 2018, equation 2.9); null where the gradient is zero or there is one sample. Its error is that over the data:
/// how far the noise scale of what the samples were drawn from may be. </param>
/// <param name="Form">What the variance was computed from.</param>
/// <param name="BatchSize">Samples a micro-batch of that form; 1 where it is per sample.</param>
/// <param name="Cost">What it cost; no curvature products.</param>
public sealed record GradientMeasurement(
    Estimate Norm,
    Estimate Maximum,
    Estimate Variance,
    Estimate? NoiseScale,
    VarianceForm Form,
    int BatchSize,
    MeasurementCost Cost
);
