using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Bench;

/// <summary>
/// The most that a Hessian and a Gauss-Newton product take beyond the loaded model and its samples, in bytes.
/// </summary>
/// <param name="Counted">Tensors of the linearization, counted one by one.</param>
/// <param name="Resident">By how much the process grew, the convolution library's scratch space included; null where
/// the system does not tell.</param>
internal sealed record PeakMemory(long Counted, long? Resident)
{
    internal static PeakMemory Measure(Workload workload, long? residentBefore, LinearizationOptions options)
    {
        long counted = 0;
        long? resident = ResidentMemory.PeakAbove(residentBefore, Work);
        if (resident is null)
        {
            Work();
        }

        return new PeakMemory(counted, resident);

        void Work()
        {
            using var objective = workload.CreateObjective();
            using var at = new Linearization(objective, workload.Theta, options);
            using var v = workload.Theta.ZerosLike();
            v.FillNormal(1);
            using var w = workload.Theta.ZerosLike();
            at.HessianProduct(v, w);
            at.GaussNewtonProduct(v, w);
            at.HessianProduct(v, w);
            counted = at.PeakBytes;
        }
    }
}
