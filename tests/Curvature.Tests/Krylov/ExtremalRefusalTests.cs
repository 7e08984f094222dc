using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

/// <summary>Searches that cannot end well say so.</summary>
public class ExtremalRefusalTests
{
    [Fact]
    public void Running_out_of_steps_is_told_and_the_error_bar_still_holds()
    {
        var matrix = Matrices.Named("random", size: 200);
        var exact = Matrices.Eigenvalues(matrix);
        using var symmetric = Matrices.Operator(matrix);
        using var result = ExtremalEigenpairs.Find(
            symmetric,
            new ExtremalOptions { Tolerance = 1e-12, MaximumSteps = 8 }
        );
        Assert.False(result.Converged);
        Assert.Equal(8, result.Products);
        Assert.True(result.LambdaMax!.Error > 1e-12);
        Assert.InRange(Matrices.DistanceToNearest(result.LambdaMax.Value, exact), 0, result.LambdaMax.Error);
    }

    [Fact]
    public void Senseless_options_and_misfit_vectors_are_refused()
    {
        using var symmetric = Matrices.Operator(Matrices.Named("random"));
        using var shortOne = Vectors.Random(7, 1);
        Assert.Throws<ArgumentException>(() =>
            ExtremalEigenpairs.Find(symmetric, new ExtremalOptions { Top = 0, Bottom = 0 })
        );
        Assert.Throws<ArgumentException>(() =>
            ExtremalEigenpairs.Find(symmetric, new ExtremalOptions { Tolerance = 0 })
        );
        Assert.Throws<ArgumentException>(() =>
            ExtremalEigenpairs.Find(symmetric, new ExtremalOptions { RandomShare = 0 })
        );
        Assert.Throws<ArgumentException>(() => ExtremalEigenpairs.Find(symmetric, previous: [shortOne]));
        Assert.Equal(0, symmetric.Products);
    }
}
