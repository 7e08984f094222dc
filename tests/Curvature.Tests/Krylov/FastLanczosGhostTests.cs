using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

/// <summary>Copies of eigenvalues that lost orthogonality brings.</summary>
public class FastLanczosGhostTests
{
    [Fact]
    public void Ghosts_of_an_outlier_appear_and_together_weigh_what_it_weighs()
    {
        // The outlier converges within few steps, and comes back again and again in 150.
        var matrix = Matrices.WithEigenvalues([10, .. Enumerable.Range(0, 299).Select(i => 0.003 * i)], 5);
        using var symmetric = Matrices.Operator(matrix);
        using var start = Vectors.StartFor(symmetric, 11);
        var steps = new List<LanczosProgress>();
        var fast = FastLanczos.Run(
            symmetric,
            start,
            new LanczosOptions { Steps = 150 },
            new ImmediateProgress(steps.Add)
        );
        var ritz = TridiagonalEigensolver.Solve(
            [.. steps.Select(step => step.Alpha)],
            [.. steps.Select(step => step.Beta)]
        );
        var copies = ritz.Values.ToArray().Count(value => Math.Abs(value - 10) < 1e-6);
        Assert.True(copies >= 3, $"{copies} copies");

        using var full = Lanczos.Run(symmetric, start, new LanczosOptions { Steps = 40 });
        var weight = full.RitzPairs[0].FirstComponent * full.RitzPairs[0].FirstComponent;
        var nodes = fast.Density.Nodes.Zip(fast.Density.Weights).Where(stem => stem.First > 5).ToArray();
        Assert.Equal(weight, nodes.Sum(stem => stem.Second), 1e-13);
        Assert.True(nodes.Length < copies);
        Assert.Equal(10, fast.LambdaMax.Value, 1e-10);
    }
}
