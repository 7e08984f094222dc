using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;
using CurvatureMonitor.Derivatives.Devices;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

/// <summary>The memory of Lanczos without reorthogonalisation.</summary>
[Collection(nameof(Alone))]
public class FastLanczosMemoryTests
{
    private const int Length = 20_000;

    [Fact]
    public void Fast_lanczos_holds_three_vectors_whatever_the_number_of_steps()
    {
        using var memory = new MemoryScope();
        using var start = Vectors.Random(Length, 1);
        var symmetric = new FunctionOperator(Length, (v, result) =>
        {
            result.CopyFrom(v);
            result.Scale(0.5 + (0.1 * Math.Sin(v.Dot(start))));
        });
        FastLanczos.Run(symmetric, start, new LanczosOptions { Steps = 50, BreakdownTolerance = 1e-300 });
        Assert.InRange(memory.Peak, 1, (4L * Length * sizeof(double)) + 64);
        Assert.Equal((long)Length * sizeof(double), memory.Net);
    }
}
