using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Bench;

/// <summary>Seconds a gradient, and each curvature product as a multiple of a gradient of the same round.</summary>
internal sealed record ProductCosts(
    string Model, long Parameters, long Samples, int MicroBatch, double GradientSeconds, IReadOnlyDictionary<string, Ratio> Gradients, long RetainedBytes, long PeakBytesKept, long PeakBytesRebuilt)
{
    internal static ProductCosts Measure(Workload workload, int rounds, Action<string> progress)
    {
        using var objective = workload.CreateObjective();
        using var kept = new Linearization(objective, workload.Theta);
        using var rebuilt = new Linearization(objective, workload.Theta, new LinearizationOptions { RetainBytes = 0 });
        using var v = workload.Theta.ZerosLike();
        v.FillNormal(1);
        using var w = workload.Theta.ZerosLike();
        using var u = Vector.Zeros(kept.OutputCount, kept.ElementType, kept.Device);

        var (seconds, ratios) = Stopwatches.Compare(
            rounds,
            () => objective.Gradient(workload.Theta, w),
            [
                ("hessian, kept", () => kept.HessianProduct(v, w)),
                ("hessian, rebuilt", () => rebuilt.HessianProduct(v, w)),
                ("ggn, kept", () => kept.GaussNewtonProduct(v, w)),
                ("ggn, rebuilt", () => rebuilt.GaussNewtonProduct(v, w)),
                ("jacobian", () => kept.JacobianProduct(v, u)),
                ("vector-jacobian, kept", () => kept.VectorJacobianProduct(u, w)),
            ],
            progress);
        return new ProductCosts(
            workload.Name, workload.Theta.Length, workload.SampleCount, workload.MicroBatch, seconds, ratios, kept.RetainedBytes, kept.PeakBytes, rebuilt.PeakBytes);
    }
}
