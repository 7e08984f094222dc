using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Torch.Tests;

public sealed class VectorTests
{
    [Theory]
    [InlineData(ElementType.Float32, 1e-6)]
    [InlineData(ElementType.Float64, 1e-14)]
    public void Operations_agree_with_arithmetic_on_arrays(ElementType type, double tolerance)
    {
        double[] a = Numbers(1, 1003),
            b = Numbers(2, 1003),
            squares = [.. Numbers(3, 1003).Select(x => x * x)];
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

    [Fact]
    public void Dot_products_accumulate_in_float64_and_do_not_depend_on_threads()
    {
        const int length = 1 << 20;
        using var ones = Vector.Zeros(length, ElementType.Float32, Device.Cpu);
        ones.Fill(0.1f);
        double exact = length * (double)0.1f * 0.1f;
        Assert.Equal(exact, ones.Dot(ones), exact * 1e-12);

        using var random = Vector.Zeros(length, ElementType.Float32, Device.Cpu);
        random.FillNormal(7);
        int threads = TorchRuntime.Threads;
        TorchRuntime.Threads = 1;
        double alone = random.Dot(ones);
        TorchRuntime.Threads = 2;
        double together = random.Dot(ones);
        TorchRuntime.Threads = threads;
        Assert.Equal(alone, together);
    }

    [Fact]
    public void The_same_seed_draws_the_same_numbers_in_every_element_type()
    {
        using var single = Vector.Zeros(4001, ElementType.Float32, Device.Cpu);
        using var twice = Vector.Zeros(4001, ElementType.Float64, Device.Cpu);
        single.FillNormal(42);
        twice.FillNormal(42);
        Assert.Equal(twice.ToArray().Select(x => (double)(float)x), single.ToArray());
        Assert.InRange(twice.Dot(twice) / 4001, 0.9, 1.1);
        Assert.InRange(Math.Abs(twice.Sum()) / Math.Sqrt(4001), 0, 4);

        twice.FillRademacher(42);
        Assert.All(twice.ToArray(), x => Assert.Equal(1, Math.Abs(x)));
        Assert.InRange(Math.Abs(twice.Sum()) / Math.Sqrt(4001), 0, 4);
    }

    [Fact]
    public void Finiteness_is_seen()
    {
        using var vector = Vector.From([1, 2, double.MaxValue], ElementType.Float64, Device.Cpu);
        Assert.True(vector.IsFinite());
        vector.CopyFrom([1, double.NaN, 3]);
        Assert.False(vector.IsFinite());
        Assert.True(double.IsNaN(vector.MaxAbs()));
        vector.CopyFrom([1, double.NegativeInfinity, 3]);
        Assert.False(vector.IsFinite());
    }

    [Fact]
    public void Vectors_that_do_not_fit_are_refused_with_both_lengths()
    {
        using var three = Vector.Zeros(3, ElementType.Float64, Device.Cpu);
        using var four = Vector.Zeros(4, ElementType.Float64, Device.Cpu);
        var exception = Assert.Throws<TorchException>(() => three.Dot(four));
        Assert.Equal(TorchErrorKind.InvalidArgument, exception.Kind);
        Assert.Equal("the second vector has 4 numbers where 3 are needed", exception.Message);
        Assert.Throws<TorchException>(() => three.CopyFrom(new double[5]));
        Assert.Throws<TorchException>(() => three.CopyTo(new float[2]));
        using var single = Vector.Zeros(3, ElementType.Float32, Device.Cpu);
        Assert.Throws<TorchException>(() => three.Add(single));
    }

    [Fact]
    public void A_disposed_vector_is_refused()
    {
        var vector = Vector.Zeros(3, ElementType.Float64, Device.Cpu);
        vector.Dispose();
        Assert.Throws<ObjectDisposedException>(() => vector.Norm());
    }

    internal static double[] Numbers(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextDouble() * 2) - 1)];
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
