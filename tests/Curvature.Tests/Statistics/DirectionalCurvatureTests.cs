using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

/// <summary>Curvature along directions.</summary>
public class DirectionalCurvatureTests
{
    [Fact]
    public void Curvature_along_a_direction_is_its_rayleigh_quotient()
    {
        var matrix = Matrices.Named("random");
        using var symmetric = Matrices.Operator(matrix);
        using var found = ExtremalEigenpairs.Find(
            symmetric,
            new ExtremalOptions
            {
                Top = 2,
                Bottom = 0,
                Tolerance = 1e-12,
            }
        );
        found.TopVectors[1].Scale(7);
        var along = Eigenspaces.Curvature(symmetric, found.TopVectors);
        var exact = Matrices.Eigenvalues(matrix);
        Assert.Equal(exact[0], along[0].Value, 1e-10);
        Assert.Equal(exact[1], along[1].Value, 1e-10);
        Assert.All(along, value => Assert.InRange(value.Error, 1e-16, 1e-12));
    }
}
