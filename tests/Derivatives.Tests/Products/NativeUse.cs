namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Takes what a measurement takes of native objects and memory.</summary>
internal static class NativeUse
{
    public static void Measure(Objective objective, Vector theta)
    {
        using var at = new Linearization(objective, theta);
        using var v = TinyModels.Random(at, 1);
        using var w = v.ZerosLike();
        at.HessianProduct(v, w);
        at.GaussNewtonProduct(v, w);
    }
}
