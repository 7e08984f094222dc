using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Derivatives.Tests.Products;

public sealed class VectorTests
{
    [Theory]
    [InlineData(ElementType.Float32, 1e-6)]
    [InlineData(ElementType.Float64, 1e-14)]
    public void Operations_agree_with_arithmetic_on_arrays(ElementType type, double tolerance)
    {
        double[] a = VectorNumbers.Numbers(1, 1003),
            b = VectorNumbers.Numbers(2, 1003),
            squares = [.. VectorNumbers.Numbers(3, 1003).Select(x => x * x)];
        using var x = Vector.From(a, type, Device.Cpu);
        using var y = Vector.From(b, type, Device.Cpu);
        using var s = Vector.From(squares, type, Device.Cpu);

        AssertClose(a.Zip(b, (p, q) => p * q).Sum(), x.Dot(y), tolerance * 100);
        AssertClose(Math.Sqrt(a.Sum(p => p * p)), x.Norm(), tolerance * 100);
        AssertClose(a.Max(Math.Abs), x.MaxAbs(), tolerance);

        x.Add(y, -0.5);
        AssertAll(a.Zip(b, (p, q) => p - (0.5 * q)), x, tolerance);
        x.Scale(3);
        AssertAll(a.Zip(b, (p, q) => 3 * (p - (0.5 * q))), x, tolerance * 10);
        x.CopyFrom(a);
        x.Multiply(y);
        AssertAll(a.Zip(b, (p, q) => p * q), x, tolerance * 10);
        x.CopyFrom(a);
        x.Blend(0.9, y);
        AssertAll(a.Zip(b, (p, q) => (0.9 * p) + (0.1 * q)), x, tolerance * 10);
        x.CopyFrom(a);
        x.BlendSquare(0.9, y);
        AssertAll(a.Zip(b, (p, q) => (0.9 * p) + (0.1 * q * q)), x, tolerance * 10);
        x.CopyFrom(a);
        x.AddRootQuotient(-0.01, y, s, 2.0, 1e-3);
        AssertAll(a.Select((p, i) => p - (0.01 * b[i] / ((2 * Math.Sqrt(squares[i])) + 1e-3))), x, tolerance * 10);
    }

    private static void AssertClose(double expected, double actual, double tolerance) =>
        Assert.InRange(Math.Abs(expected - actual), 0, tolerance * Math.Max(1, Math.Abs(expected)));

    private static void AssertAll(IEnumerable<double> expected, Vector actual, double tolerance)
    {
        foreach (var (e, a) in expected.Zip(actual.ToArray()))
        {
            AssertClose(e, a, tolerance);
        }
    }
}
