using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.TorchScript;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>A model with samples, a direction, and its products without any limit.</summary>
internal sealed class Scene : ModelOnSamples
{
    internal Scene(
        ScriptModelSource source,
        BatchNormMode mode,
        int microBatch,
        bool needed = true,
        ElementType type = ElementType.Float64
    )
        : base(TinyModels.Define(source, type), TinyModels.Images(type), mode, microBatch)
    {
        V = Theta.ZerosLike();
        V.FillNormal(1);
        W = Theta.ZerosLike();
        if (!needed)
        {
            return;
        }

        using var free = Linearize(long.MaxValue);
        free.HessianProduct(V, W);
        Hessian = W.ToArray();
        free.GaussNewtonProduct(V, W);
        GaussNewton = W.ToArray();
        NeededBytes = free.PeakBytes;
    }

    internal Vector V { get; }

    internal Vector W { get; }

    internal double[] Hessian { get; } = [];

    internal double[] GaussNewton { get; } = [];

    internal long NeededBytes { get; }

    internal Linearization Linearize(long limit, long retain = long.MaxValue) =>
        new(Objective, Theta, new LinearizationOptions { LimitBytes = limit, RetainBytes = retain });

    protected override void Dispose(bool disposing)
    {
        W.Dispose();
        V.Dispose();
        base.Dispose(disposing);
    }
}
