using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

/// <summary>What Lanczos without reorthogonalisation refuses.</summary>
public class FastLanczosRefusalTests
{
    [Fact]
    public void Bad_starts_bad_products_and_senseless_options_are_refused()
    {
        using var symmetric = Matrices.Operator(Matrices.Named("random"));
        using var zero = Vector.Zeros(40, ElementType.Float64, Device.Cpu);
        using var shortOne = Vectors.Random(7, 1);
        using var start = Vectors.StartFor(symmetric, 1);
        Assert.Throws<ArgumentException>(() => FastLanczos.Run(symmetric, zero));
        Assert.Throws<ArgumentException>(() => FastLanczos.Run(symmetric, shortOne));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            FastLanczos.Run(symmetric, start, new LanczosOptions { Steps = 0 })
        );
        var poisoned = new FunctionOperator(40, (_, result) => result.Fill(double.NaN));
        Assert.Equal(1, Assert.Throws<NonFiniteException>(() => FastLanczos.Run(poisoned, start)).Step);
    }
}
