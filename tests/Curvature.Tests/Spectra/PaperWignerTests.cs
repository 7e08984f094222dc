using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.RandomMatrices;
using CurvatureMonitor.Curvature.Tests.Support;
using static CurvatureMonitor.Curvature.Tests.Spectra.PaperSpectraAssertions;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>The semicircle of Wigner.</summary>
public class PaperWignerTests
{
    [Theory]
    [InlineData(225)]
    [InlineData(2000)]
    public void Wigner_semicircle_from_one_probe_and_thirty_steps(int size)
    {
        // P = 225: a dense Gaussian matrix and its eigenvalues by MathNet. P = 2000: the tridiagonal form of one, made
        // dense by rotations, whose eigenvalues cost O(P²).
        double[,] matrix;
        double[] exact;
        if (size < 1000)
        {
            matrix = Ensembles.Goe(size, 7);
            exact = Matrices.Eigenvalues(matrix);
        }
        else
        {
            var form = Ensembles.GoeTridiagonal(size, 7);
            exact = TridiagonalEigensolver.Solve(form.Diagonal, form.OffDiagonal).Values.ToArray();
            matrix = Ensembles.Dense(form, size, 8);
        }

        using var symmetric = Matrices.Operator(matrix);
        var law = new WignerSemicircle();
        AssertLawHolds(exact, law);
        var density = Measure(symmetric, 11, Steps);
        AssertNearExact(density, exact);
        AssertNearLaw(density, law);

        // The Jacobi matrix of the semicircle has α = 0 and β = 1; for P dimensions α_j ~ N(0, 2/P) and β_j ~
        // χ_{P−j}/√P (Dumitriu and Edelman).
        AssertEdges(
            density,
            [.. Enumerable.Repeat(0.0, Steps)],
            [.. Enumerable.Repeat(1.0, Steps - 1)],
            2.0 / size,
            0.5 / size,
            0.5 * Steps / size
        );
        AssertWithinSupport(density, exact);
    }
}
