using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;
using Vector = CurvatureMonitor.Derivatives.Vector;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

/// <summary>Spectra that are hard for restarted searches.</summary>
public class ThickRestartGapTests
{
    [Fact]
    public void The_ends_of_a_ramp_are_found_where_no_gap_helps()
    {
        double[] eigenvalues = [.. Enumerable.Range(0, 1000).Select(i => i / 1000.0)];
        using var diagonal = Vector.From(eigenvalues, ElementType.Float64, Device.Cpu);
        var options = new ExtremalOptions
        {
            Top = 8,
            Bottom = 8,
            Tolerance = 1e-8,
            MaximumSteps = 5000,
            MaximumVectors = 40,
        };
        using var result = ExtremalEigenpairs.Find(DiagonalOperators.Diagonal(diagonal), options);
        Assert.True(result.Converged, $"{result.Products} products");
        for (var i = 0; i < 8; i++)
        {
            Assert.Equal(0.999 - (i / 1000.0), result.Top[i].Value, 1e-9);
            Assert.Equal(i / 1000.0, result.Bottom[i].Value, 1e-9);
        }
    }

    [Fact]
    public void Searching_the_complement_finds_what_a_warm_start_cannot_see()
    {
        // The old vectors span an invariant subspace, and the random part is too small to bring up the new direction
        // before the old ones have converged.
        double[] entries = [4, .. Enumerable.Range(0, 300).Select(i => i * 0.001), -1];
        using var old = Matrices.Operator(Matrices.Diagonal(entries));
        using var before = ExtremalEigenpairs.Find(old, new ExtremalOptions { Tolerance = 1e-6 });
        entries[40] = 6;
        using var changed = Matrices.Operator(Matrices.Diagonal(entries));
        var options = new ExtremalOptions { Tolerance = 0.1, RandomShare = 1e-6 };
        IReadOnlyList<Vector> vectors = [.. before.TopVectors, .. before.BottomVectors];
        using var blind = ExtremalEigenpairs.Find(changed, options, vectors);
        using var seeing = ExtremalEigenpairs.Find(changed, options with { SearchComplement = true }, vectors);
        Assert.Equal(4, blind.LambdaMax!.Value, 0.01);
        Assert.True(seeing.Converged);
        Assert.Equal(6, seeing.LambdaMax!.Value, 0.1);
    }
}
