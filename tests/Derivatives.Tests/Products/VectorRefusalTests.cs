using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Vectors that do not fit or are gone.</summary>
public sealed class VectorRefusalTests
{
    [Fact]
    public void Vectors_that_do_not_fit_are_refused_with_both_lengths()
    {
        using var three = Vector.Zeros(3, ElementType.Float64, Device.Cpu);
        using var four = Vector.Zeros(4, ElementType.Float64, Device.Cpu);
        var exception = Assert.Throws<DerivativeException>(() => three.Dot(four));
        Assert.Equal(DerivativeErrorKind.InvalidArgument, exception.Kind);
        Assert.Equal("the second vector has 4 numbers where 3 are needed", exception.Message);
        Assert.Throws<DerivativeException>(() => three.CopyFrom(new double[5]));
        Assert.Throws<DerivativeException>(() => three.CopyTo(new float[2]));
        using var single = Vector.Zeros(3, ElementType.Float32, Device.Cpu);
        Assert.Throws<DerivativeException>(() => three.Add(single));
    }

    [Fact]
    public void A_disposed_vector_is_refused()
    {
        var vector = Vector.Zeros(3, ElementType.Float64, Device.Cpu);
        vector.Dispose();
        Assert.Throws<ObjectDisposedException>(() => vector.Norm());
    }
}
