using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;
using Vector = CurvatureMonitor.Derivatives.Vector;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

/// <summary>Runs of Lanczos that are refused or end early, and what they say.</summary>
public class LanczosRefusalTests
{
    [Fact]
    public void A_zero_misfit_or_infinite_start_vector_is_refused()
    {
        using var symmetric = Matrices.Operator(Matrices.Named("random"));
        using var zero = Vector.Zeros(40, ElementType.Float64, Device.Cpu);
        using var shortOne = Vector.Zeros(39, ElementType.Float64, Device.Cpu);
        using var single = Vectors.Random(40, 1, ElementType.Float32);
        using var infinite = Vectors.Random(40, 1);
        infinite.Fill(double.PositiveInfinity);
        Assert.Throws<ArgumentException>(() => Lanczos.Run(symmetric, zero));
        Assert.Throws<ArgumentException>(() => Lanczos.Run(symmetric, shortOne));
        Assert.Throws<ArgumentException>(() => Lanczos.Run(symmetric, single));
        Assert.Throws<NonFiniteException>(() => Lanczos.Run(symmetric, infinite));
        Assert.Equal(0, symmetric.Products);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_product_that_is_not_finite_ends_the_run_with_the_step_named(double poison)
    {
        var calls = 0;
        var symmetric = new FunctionOperator(10, (v, result) =>
        {
            var values = v.ToArray();
            for (var i = 0; i < values.Length; i++)
            {
                values[i] *= i;
            }

            values[4] = ++calls == 3 ? poison : values[4];
            result.CopyFrom(values);
        });
        using var start = Vectors.StartFor(symmetric, 1);
        var failure = Assert.Throws<NonFiniteException>(() => Lanczos.Run(symmetric, start));
        Assert.Equal(3, failure.Step);
        Assert.Equal("function", failure.OperatorName);
        Assert.Contains("step 3", failure.Message, StringComparison.Ordinal);
    }
}
