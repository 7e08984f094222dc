using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Tests.Support;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>Eigenvalues and vectors of subspace iteration.</summary>
public class SubspaceIterationTests
{
    public static TheoryData<string, ElementType> EveryMatrix => Krylov.NamedMatrices.EveryMatrix();

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
}
