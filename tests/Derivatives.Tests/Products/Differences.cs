namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Central differences in float64: the reference that shares no code with automatic differentiation.</summary>
internal static class Differences
{
    private const double Step = 1e-5;

    internal static void AssertGradient(Objective objective, Vector theta, Vector gradient, double tolerance)
    {
        for (int seed = 0; seed < 4; seed++)
        {
            using var v = theta.ZerosLike();
            v.FillNormal(seed);
            double expected = (Shifted(objective, theta, v, Step) - Shifted(objective, theta, v, -Step)) / (2 * Step);
            Assert.Equal(expected, gradient.Dot(v), tolerance * Math.Max(1, Math.Abs(expected)));
        }
    }

    /// <summary>(∇L(θ + hv) − ∇L(θ − hv)) / 2h.</summary>
    internal static double[] HessianProduct(Objective objective, Vector theta, Vector v)
    {
        double[] plus = GradientAt(objective, theta, v, Step),
            minus = GradientAt(objective, theta, v, -Step);
        return [.. plus.Zip(minus, (p, m) => (p - m) / (2 * Step))];
    }

    internal static void AssertClose(double[] expected, Vector actual, double tolerance) =>
        AssertClose(expected, actual.ToArray(), tolerance);

    internal static void AssertClose(double[] expected, double[] actual, double tolerance)
    {
        double scale = Math.Sqrt(expected.Sum(x => x * x));
        double distance = Math.Sqrt(expected.Zip(actual, (e, a) => (e - a) * (e - a)).Sum());
        Assert.InRange(distance, 0, tolerance * Math.Max(scale, 1e-3));
    }

    private static double Shifted(Objective objective, Vector theta, Vector v, double step)
    {
        using var point = theta.Clone();
        point.Add(v, step);
        return objective.Evaluate(point).Loss;
    }

    private static double[] GradientAt(Objective objective, Vector theta, Vector v, double step)
    {
        using var point = theta.Clone();
        point.Add(v, step);
        using var gradient = theta.ZerosLike();
        objective.Gradient(point, gradient);
        return gradient.ToArray();
    }
}
