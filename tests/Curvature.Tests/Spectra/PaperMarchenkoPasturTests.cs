using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.RandomMatrices;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Tests.Support;
using CurvatureMonitor.Derivatives;
using static CurvatureMonitor.Curvature.Tests.Spectra.PaperSpectraAssertions;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>The spectra of sample covariances.</summary>
public class PaperMarchenkoPasturTests
{
    [Theory]
    [InlineData(225, 0.5)]
    [InlineData(225, 2.0)]
    [InlineData(2000, 0.5)]
    [InlineData(2000, 2.0)]
    public void Marchenko_Pastur_from_one_probe_and_thirty_steps(int size, double ratio)
    {
        var samples = (int)(size / ratio);
        var law = new MarchenkoPastur(size / (double)samples);
        double[] exact;
        double[,] matrix;
        if (size < 1000)
        {
            using var covariance = new SampleCovariance(size, samples, 1_000_005);
            matrix = Formed(covariance);
            exact = Matrices.Eigenvalues(matrix);
        }
        else
        {
            var form = Ensembles.WishartTridiagonal(size, samples, 5);
            double[] positive = TridiagonalEigensolver.Solve(form.Diagonal, form.OffDiagonal).Values.ToArray();
            exact = [.. positive, .. Enumerable.Repeat(0.0, size - positive.Length)];
            matrix = Ensembles.Dense(form, size, 6);
        }

        using var symmetric = Matrices.Operator(matrix);
        AssertLawHolds(exact, law);
        var density = Measure(symmetric, 12, Steps);
        AssertNearExact(density, exact);
        AssertNearLaw(density, law);
        AssertWithinSupport(density, exact);

        // From B Bᵀ/T with squared entries χ²_{T−j}/T and χ²_{P−j}/T: α = 1 + q (1 for the first), β = √q; relative to
        // those, their variances are 2/T each. With an atom at zero one node goes there and the rest are those of the
        // continuous part.
        var q = law.Ratio;
        double[] alpha = [1, .. Enumerable.Repeat(1 + q, Steps - 1)];
        double[] beta = [.. Enumerable.Repeat(Math.Sqrt(q), Steps - 1)];
        var drift = Steps / (2.0 * samples) * Math.Pow(1 + Math.Sqrt(q), 2) / Math.Sqrt(q);
        AssertEdges(density, alpha, beta, 4 * (1 + q) / samples, (1 + q) / samples, drift);
        if (ratio > 1)
        {
            // Zero is apart from the continuous part by its lower edge, so its Ritz value has converged (Kaniel and
            // Paige: by 1/T₂₉(x)², x = 1.06 away).
            var zeros = RankDegeneracy.Of(density, OperatorKind.GaussNewton);
            Assert.Equal(0, zeros.Value, 1e-6);
            Assert.Equal(law.MassAtZero, zeros.Mass, 4 * Math.Sqrt(2.0 / size * law.MassAtZero * (1 - law.MassAtZero)));
        }
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(2.0)]
    public void Marchenko_Pastur_of_a_matrix_of_2000_with_independent_entries(double ratio)
    {
        // X itself, 2000 x 4000 and 2000 x 1000, against the law alone.
        using var symmetric = new SampleCovariance(2000, (int)(2000 / ratio), 1_000_000);
        var density = Measure(symmetric, 1, Steps);
        AssertNearLaw(density, new MarchenkoPastur(ratio));
        Assert.Empty(BulkAndOutliers.Of(density).Above);
    }

    private static double[,] Formed(SampleCovariance symmetric)
    {
        var size = (int)symmetric.Dimension;
        var matrix = new double[size, size];
        using var unit = Vector.Zeros(size, ElementType.Float64, Device.Cpu);
        using var column = unit.ZerosLike();
        var entries = new double[size];
        for (var j = 0; j < size; j++)
        {
            Array.Clear(entries);
            entries[j] = 1;
            unit.CopyFrom(entries);
            symmetric.Apply(unit, column);
            column.CopyTo(entries);
            for (var i = 0; i <= j; i++)
            {
                matrix[i, j] = matrix[j, i] = entries[i];
            }
        }

        return matrix;
    }
}
