using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Bench;

/// <summary>Seconds a gradient, and each curvature product as a multiple of a gradient of the same round.</summary>
internal sealed record ProductCosts(
    string Model,
    long Parameters,
    long Samples,
    int MicroBatch,
    double GradientSeconds,
    double GradientProcessorSeconds,
    IReadOnlyDictionary<string, Ratio> Gradients,
    IReadOnlyDictionary<string, Ratio> GradientsInProcessorTime,
    long RetainedBytes,
    PeakMemory PeakKept,
    PeakMemory PeakRebuilt
)
{
    internal const string HessianKept = "hessian, kept";
    internal const string HessianRebuilt = "hessian, rebuilt";
    internal const string GaussNewtonKept = "ggn, kept";
    internal const string GaussNewtonRebuilt = "ggn, rebuilt";

    /// <summary>From this size on only what is compared with the peers is timed.</summary>
    private const long Large = 5_000_000;

    private static readonly LinearizationOptions Keeping = new();
    private static readonly LinearizationOptions Rebuilding = new() { RetainBytes = 0 };

    internal static ProductCosts Measure(Workload workload, int rounds, Action<string> progress)
    {
        progress("memory");
        long? before = ResidentMemory.Now();
        var rebuiltMemory = PeakMemory.Measure(workload, before, Rebuilding);
        var keptMemory = PeakMemory.Measure(workload, before, Keeping);

        using var objective = workload.CreateObjective();
        using var kept = new Linearization(objective, workload.Theta, Keeping);
        using var rebuilt = new Linearization(objective, workload.Theta, Rebuilding);
        using var v = workload.Theta.ZerosLike();
        v.FillNormal(1);
        using var w = workload.Theta.ZerosLike();
        using var u = Vector.Zeros(kept.OutputCount, kept.ElementType, kept.Device);

        List<(string Name, Action Work)> products =
        [
            (HessianKept, () => kept.HessianProduct(v, w)),
            (HessianRebuilt, () => rebuilt.HessianProduct(v, w)),
            (GaussNewtonKept, () => kept.GaussNewtonProduct(v, w)),
            (GaussNewtonRebuilt, () => rebuilt.GaussNewtonProduct(v, w)),
        ];
        if (workload.Theta.Length < Large)
        {
            products.Add(("jacobian", () => kept.JacobianProduct(v, u)));
            products.Add(("vector-jacobian, kept", () => kept.VectorJacobianProduct(u, w)));
        }

        var (seconds, processorSeconds, ratios, processorRatios) = Stopwatches.Compare(
            rounds,
            () => objective.Gradient(workload.Theta, w),
            products,
            progress
        );
        return new ProductCosts(
            workload.Name,
            workload.Theta.Length,
            workload.SampleCount,
            workload.MicroBatch,
            seconds,
            processorSeconds,
            ratios,
            processorRatios,
            kept.RetainedBytes,
            keptMemory,
            rebuiltMemory
        );
    }
}
