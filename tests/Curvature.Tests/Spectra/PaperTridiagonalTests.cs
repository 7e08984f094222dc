using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.RandomMatrices;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Tests.Support;
using MathNet.Numerics.Distributions;
using static CurvatureMonitor.Curvature.Tests.Spectra.PaperSpectraAssertions;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>Lanczos coefficients of a Gaussian matrix.</summary>
public class PaperTridiagonalTests
{
    [Fact]
    public void The_lanczos_coefficients_of_a_gaussian_matrix_of_2000_are_those_of_its_tridiagonal_form()
    {
        // Dumitriu and Edelman 2002, theorem 2.12: for any start vector independent of the matrix, α_j ~ N(0, 2/P) and
        // Pβ_j² ~ χ²_{P−j}, all independent.
        const int size = 2000;
        using var symmetric = Matrices.Operator(Ensembles.Goe(size, 3));
        using var start = Vectors.StartFor(symmetric, 4);
        using var decomposition = Lanczos.Run(symmetric, start, new LanczosOptions { Steps = Steps });
        var squares =
            decomposition.Alpha.Sum(alpha => alpha * alpha * size / 2)
            + decomposition
                .Beta.Select((beta, j) => Math.Pow((size * beta * beta) - (size - j - 1), 2) / (2 * (size - j - 1.0)))
                .Sum();
        Assert.InRange(squares, ChiSquared.InvCDF(2 * Steps, 1e-4), ChiSquared.InvCDF(2 * Steps, 1 - 1e-4));
        AssertNearLaw(SpectralDensity.From(decomposition), new WignerSemicircle());
        Assert.Equal(0, BulkAndOutliers.Of(SpectralDensity.From(decomposition)).Count);
    }
}
