using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Curvature.Analyses;

/// <summary>Norms of gradient and parameters, the variance of the gradient over samples, and the noise scale.</summary>
public static class GradientAnalysis
{
    /// <summary>Measures the gradients of the samples.</summary>
    /// <param name="context">The checkpoint.</param>
    /// <exception cref="AnalysisRefusedException">There is no spread over samples.</exception>
    /// <exception cref="CurvatureException">A gradient was not finite.</exception>
    /// <exception cref="DerivativeException">libtorch refused, for example for want of memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static GradientMeasurement Measure(AnalysisContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Covering(Find, RoundingBars.Widen);
    }

    private static GradientMeasurement Find(AnalysisContext context)
    {
        context.RequireSpread();
        context.Progress.Begin("gradient of every sample");
        var options = new GradientOptions { Form = context.Settings.VarianceForm, Seed = context.Settings.Seed };
        return context.Statistics.Gradient(options, context.Cancellation);
    }

    /// <summary>‖g‖₂ and max |g_k| of the whole probe set, which cost nothing.</summary>
    /// <param name="context">The checkpoint.</param>
    public static (double L2, double Linf) Norms(AnalysisContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        using var gradient = context.Checkpoint.Theta.ZerosLike();
        context.Linearization.CopyGradient(gradient);
        return (gradient.Norm(), gradient.MaxAbs());
    }

    /// <summary>The norms of θ, whole and layer by layer.</summary>
    /// <param name="context">The checkpoint.</param>
    public static WeightNorms Weights(AnalysisContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Statistics.WeightNorms(context.Checkpoint.Theta);
    }
}
