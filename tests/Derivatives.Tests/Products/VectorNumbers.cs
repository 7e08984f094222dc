namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Numbers to fill vectors with.</summary>
internal static class VectorNumbers
{
    public static double[] Numbers(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextDouble() * 2) - 1)];
    }
}
