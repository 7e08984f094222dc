using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>Error bars of the negative part.</summary>
public class NegativeEigenvaluesErrorTests
{
    [Fact]
    public void Negative_eigenvalues_and_negative_mass_scatter_about_the_exact_ones_as_their_errors_say()
    {
        var exact = Matrices.Eigenvalues(Matrices.Named("random", size: 60));
        var share = exact.Count(value => value < 0) / 60.0;
        var size = exact.Where(value => value < 0).Sum(Math.Abs) / exact.Sum(Math.Abs);
        using var symmetric = Matrices.Operator(Matrices.Named("random", size: 60));
        var densities = Enumerable
            .Range(1, 60)
            .Select(seed =>
            {
                using var start = Vectors.StartFor(symmetric, seed);
                using var decomposition = Krylov(symmetric, start);
                return SpectralDensity.From(decomposition);
            })
            .ToArray();
        Assert.InRange(
            densities.Average(density =>
                Math.Pow((density.NegativeEigenvalues().Value - share) / density.NegativeEigenvalues().Error, 2)
            ),
            0.5,
            1.7
        );
        Assert.InRange(
            densities.Average(density =>
                Math.Pow((density.NegativeMass()!.Value - size) / density.NegativeMass()!.Error, 2)
            ),
            0.5,
            1.7
        );

        static Curvature.Krylov.LanczosDecomposition Krylov(ISymmetricOperator symmetric, Derivatives.Vector start) =>
            Curvature.Krylov.Lanczos.Run(symmetric, start, new Curvature.Krylov.LanczosOptions { Steps = 60 });
    }
}
