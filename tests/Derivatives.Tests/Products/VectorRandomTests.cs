using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Random vectors, and numbers that are not finite.</summary>
public sealed class VectorRandomTests
{
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
}
