using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

/// <summary>The start vector of a run.</summary>
public class LanczosStartTests
{
    [Fact]
    public void The_same_start_vector_gives_the_same_decomposition_and_is_left_alone()
    {
        using var symmetric = Matrices.Operator(Matrices.Named("random"));
        using var start = Vectors.StartFor(symmetric, 2);
        start.Scale(17);
        var before = start.ToArray();
        using var first = Lanczos.Run(symmetric, start, new LanczosOptions { Steps = 12 });
        using var second = Lanczos.Run(symmetric, start, new LanczosOptions { Steps = 12 });
        Assert.Equal(first.Alpha, second.Alpha);
        Assert.Equal(first.Beta, second.Beta);
        Assert.Equal(before, start.ToArray());
    }
}
