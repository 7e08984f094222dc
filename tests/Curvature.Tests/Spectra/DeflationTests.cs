using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Tests.Support;
using CurvatureMonitor.Torch;
using FsCheck;
using FsCheck.Fluent;
using MathNet.Numerics.LinearAlgebra;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

public class DeflationTests
{
    public static TheoryData<string, ElementType> EveryMatrix => Krylov.LanczosTests.EveryMatrix();

    [Theory]
    [MemberData(nameof(EveryMatrix))]
    public void Subspace_iteration_finds_eigenvalues_within_their_residuals_and_orthonormal_vectors(
        string name,
        ElementType type
    )
    {
        var matrix = Matrices.Named(name);
        var exact = Matrices.Eigenvalues(matrix);
        var rounding = (type == ElementType.Float64 ? 1e-12 : 1e-5) * Matrices.NormOf(exact);
        using var symmetric = Matrices.Operator(matrix, type);
        using var result = SubspaceIteration.Run(
            symmetric,
            new SubspaceIterationOptions
            {
                Rank = 6,
                Iterations = 60,
                Tolerance = 1e-4,
            }
        );
        Assert.Equal(6, result.Values.Count);
        Assert.Equal(6L * result.Iterations, symmetric.Products);
        Assert.Equal(
            result.Values.Select(value => Math.Abs(value.Value)).OrderDescending(),
            result.Values.Select(value => Math.Abs(value.Value))
        );
        using var vector = Vector.Zeros(40, type, Device.Cpu);
        using var image = vector.ZerosLike();
        var overlaps = new double[6];
        for (var c = 0; c < 6; c++)
        {
            var value = result.Values[c];
            Assert.InRange(Matrices.DistanceToNearest(value.Value, exact), 0, value.Error + rounding);
            result.Vectors.CopyColumn(c, vector);
            symmetric.Apply(vector, image);
            image.Add(vector, -value.Value);
            Assert.Equal(value.Error, image.Norm(), 2 * rounding);
            result.Vectors.Project(vector, overlaps);
            for (var other = 0; other < 6; other++)
            {
                Assert.Equal(other == c ? 1 : 0, overlaps[other], type == ElementType.Float64 ? 1e-12 : 2e-6);
            }
        }
    }

    [Theory]
    [InlineData("low-rank")]
    [InlineData("spiked")]
    public void Subspace_iteration_converges_to_the_largest_magnitudes_where_there_is_a_gap(string name)
    {
        var matrix = Matrices.Named(name);
        var exact = Matrices.Eigenvalues(matrix).OrderByDescending(Math.Abs).ToArray();
        var rank = name == "spiked" ? 1 : 5;
        using var symmetric = Matrices.Operator(matrix);
        using var result = SubspaceIteration.Run(
            symmetric,
            new SubspaceIterationOptions { Rank = rank, Tolerance = 1e-10 }
        );
        Assert.True(result.Converged);
        for (var c = 0; c < rank; c++)
        {
            Assert.Equal(exact[c], result.Values[c].Value, 1e-8);
        }
    }

    [Fact]
    public void An_operator_of_lower_rank_than_asked_for_gives_zeros()
    {
        using var symmetric = Matrices.Operator(Matrices.Named("low-rank"));
        using var result = SubspaceIteration.Run(symmetric, new SubspaceIterationOptions { Rank = 9 });
        Assert.True(result.Converged);
        Assert.Equal([5, 4, 3, 2, 1, 0, 0, 0, 0], result.Values.Select(value => Math.Round(Math.Abs(value.Value), 9)));

        using var zero = Matrices.Operator(new double[12, 12]);
        using var nothing = SubspaceIteration.Run(zero, new SubspaceIterationOptions { Rank = 20 });
        Assert.True(nothing.Converged);
        Assert.Equal(12, nothing.Values.Count);
        Assert.All(nothing.Values, value => Assert.Equal(0, value.Value));
    }

    [Fact]
    public void An_operator_that_is_not_finite_is_a_typed_failure()
    {
        var broken = new Vectors.FunctionOperator(10, (_, result) => result.Fill(double.NaN));
        Assert.Throws<NonFiniteException>(() => SubspaceIteration.Run(broken));
    }

    [Fact]
    public void Small_eigenproblems_are_solved_to_rounding() =>
        Prop.ForAll(Gen.Choose(1, 12).ToArbitrary(), ArbMap.Default.ArbFor<int>(), (size, seed) =>
            {
                var matrix = Matrices.WithEigenvalues(Matrices.Uniform(seed, size, -2, 3), seed);
                var exact = Matrices.Eigenvalues(matrix);
                var (values, vectors) = SmallEigenproblem.Solve((double[,])matrix.Clone());
                var v = Matrix<double>.Build.DenseOfArray(vectors);
                var residual =
                    (Matrix<double>.Build.DenseOfArray(matrix) * v)
                    - (v * Matrix<double>.Build.DenseOfDiagonalArray(values));
                return values.OrderDescending().Zip(exact).All(pair => Math.Abs(pair.First - pair.Second) < 1e-13)
                    && residual.FrobeniusNorm() < 1e-13
                    && ((v.Transpose() * v) - Matrix<double>.Build.DenseIdentity(size)).FrobeniusNorm() < 1e-13;
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void A_deflated_operator_maps_the_directions_to_zero_and_keeps_the_other_eigenpairs()
    {
        var matrix = Matrices.Named("random");
        var evd = Matrix<double>.Build.DenseOfArray(matrix).Evd(Symmetricity.Symmetric);
        using var symmetric = Matrices.Operator(matrix);
        using var directions = new Basis(40, 3, ElementType.Float64, Device.Cpu);
        int[] taken = [39, 0, 20];
        foreach (var column in taken)
        {
            using var direction = Vector.From(
                evd.EigenVectors.Column(column).ToArray(),
                ElementType.Float64,
                Device.Cpu
            );
            directions.Append(direction);
        }

        using var deflated = new DeflatedOperator(symmetric, directions);
        using var result = Vector.Zeros(40, ElementType.Float64, Device.Cpu);
        for (var column = 0; column < 40; column++)
        {
            using var eigenvector = Vector.From(
                evd.EigenVectors.Column(column).ToArray(),
                ElementType.Float64,
                Device.Cpu
            );
            var before = eigenvector.ToArray();
            deflated.Apply(eigenvector, result);
            Assert.Equal(before, eigenvector.ToArray());
            result.Add(eigenvector, taken.Contains(column) ? 0 : -evd.EigenValues[column].Real);
            Assert.InRange(result.Norm(), 0, 1e-12);
        }

        Assert.Equal(40, deflated.Products);
        Assert.Equal("deflated dense", deflated.Name);
        using var tooShort = new Basis(39, 1, ElementType.Float64, Device.Cpu);
        Assert.Throws<ArgumentException>(() => new DeflatedOperator(symmetric, tooShort));
    }

    [Fact]
    public void A_deflated_operator_is_symmetric_whatever_the_directions() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
            {
                using var symmetric = Matrices.Operator(Matrices.Named("random", seed));
                using var directions = new Basis(40, 2, ElementType.Float64, Device.Cpu);
                using var x = Vectors.Random(40, seed);
                directions.Append(x);
                using var y = Vectors.Random(40, seed + 1L);
                directions.Orthogonalise(y);
                directions.Orthogonalise(y);
                y.Scale(1 / y.Norm());
                directions.Append(y);
                using var deflated = new DeflatedOperator(symmetric, directions);
                using var a = Vectors.Random(40, seed + 2L);
                using var b = Vectors.Random(40, seed + 3L);
                using var result = a.ZerosLike();
                deflated.Apply(a, result);
                var left = b.Dot(result);
                var inside = Math.Max(Math.Abs(x.Dot(result)), Math.Abs(y.Dot(result)));
                deflated.Apply(b, result);
                return Math.Abs(left - a.Dot(result)) < 1e-13 && inside < 1e-13;
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Fact]
    public void A_deflated_spectrum_has_its_outliers_as_exact_atoms_and_the_bulk_as_the_rest()
    {
        // Eigenvalues 0 … 0.9 in the bulk, outliers 50, −20 and 10: every probe sees each outlier with mass exactly
        // 1/P.
        double[] eigenvalues = [50, -20, 10, .. Matrices.Uniform(3, 97, 0, 0.9)];
        using var symmetric = Matrices.Operator(Matrices.WithEigenvalues(eigenvalues, 4));
        var density = DeflatedSpectrum.Measure(
            symmetric,
            new SubspaceIterationOptions { Rank = 3, Tolerance = 1e-12 },
            new LanczosOptions { Steps = 20 },
            probes: 2,
            seed: 5
        );
        Assert.Equal(100, density.Dimension);
        Assert.Equal(2, density.Probes);
        foreach (var outlier in eigenvalues.Take(3))
        {
            var stem = Assert.Single(density.Nodes.Zip(density.Weights), pair => Math.Abs(pair.First - outlier) < 1e-9);
            Assert.Equal(0.01, stem.Second, 1e-14);
        }

        // The rest lies within the bulk, with no zeros that deflation made, and its moments scatter as those of 97
        // eigenvalues do.
        var bulk = density.Nodes.Zip(density.Weights).Where(pair => Math.Abs(pair.First) < 5).ToArray();
        Assert.All(bulk, pair =>
            Assert.InRange(pair.First, eigenvalues.Skip(3).Min() - 1e-9, eigenvalues.Skip(3).Max() + 1e-9)
        );
        Assert.Equal(0.97, bulk.Sum(pair => pair.Second), 1e-14);
        var (mean, square) = (eigenvalues.Skip(3).Average(), eigenvalues.Skip(3).Average(x => x * x));
        Assert.Equal(
            mean,
            bulk.Sum(pair => pair.First * pair.Second) / 0.97,
            4 * Math.Sqrt(2.0 / 99 / 2 * (square - (mean * mean)))
        );
        Assert.Equal([50, 10], BulkAndOutliers.Of(density).Above.Select(x => Math.Round(x, 6)));
        Assert.Equal([-20], BulkAndOutliers.Of(density).Below.Select(x => Math.Round(x, 6)));
    }

    [Fact]
    public void Deflation_by_inexact_vectors_keeps_the_trace()
    {
        // tr A = Σ qᵀAq + tr of the compression to the complement, for any orthonormal Q. A full run from every
        // coordinate of the complement would give the latter exactly; the mean over probes does within its scatter.
        var matrix = Matrices.Named("random");
        using var symmetric = Matrices.Operator(matrix);
        using var rough = SubspaceIteration.Run(symmetric, new SubspaceIterationOptions { Rank = 4, Iterations = 3 });
        Assert.False(rough.Converged);
        var density = DeflatedSpectrum.Measure(
            symmetric,
            rough.Vectors,
            [.. rough.Values.Select(value => value.Value)],
            new LanczosOptions { Steps = 36 },
            probes: 200
        );
        Assert.Equal(Matrices.Eigenvalues(matrix).Sum(), density.Trace.Value, 4 * density.Trace.Error);
        Assert.Throws<ArgumentException>(() => DeflatedSpectrum.Measure(symmetric, rough.Vectors, [1, 2]));
    }
}
