using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Rotations of a basis in place.</summary>
public sealed class BasisRotationTests
{
    [Theory]
    [InlineData(37, 5, ElementType.Float64, 1e-13)]
    [InlineData(37, 2, ElementType.Float32, 1e-6)]
    [InlineData(20_000, 3, ElementType.Float64, 1e-13)]
    [InlineData(8192, 0, ElementType.Float64, 0)]
    public void Rotating_in_place_gives_the_combinations_of_the_columns(
        int length,
        int kept,
        ElementType type,
        double tolerance
    )
    {
        using var basis = new Basis(length, FilledBasis.Count + 2, type, Device.Cpu);
        using var vector = Vector.Zeros(length, type, Device.Cpu);
        double[][] columns = new double[FilledBasis.Count][];
        for (int j = 0; j < FilledBasis.Count; j++)
        {
            vector.FillNormal(j);
            columns[j] = vector.ToArray();
            basis.Append(vector);
        }

        double[] rotation = VectorNumbers.Numbers(7, FilledBasis.Count * kept);
        basis.Rotate(rotation, kept);
        Assert.Equal(kept, basis.Count);
        for (int j = 0; j < kept; j++)
        {
            double[] c = [.. Enumerable.Range(0, FilledBasis.Count).Select(i => rotation[(i * kept) + j])];
            basis.CopyColumn(j, vector);
            double[] actual = vector.ToArray();
            Assert.All(Enumerable.Range(0, length), row =>
                Assert.Equal(FilledBasis.Combination(columns, c, row), actual[row], tolerance)
            );
        }

        basis.Append(vector);
        Assert.Equal(kept + 1, basis.Count);
    }

    [Fact]
    public void A_rotation_of_another_size_is_refused_and_changes_nothing()
    {
        using var basis = FilledBasis.Fill(out double[][] columns);
        Assert.Throws<ArgumentException>(() => basis.Rotate(new double[4 * 2], 2));
        Assert.Throws<DerivativeException>(() => basis.Rotate(new double[5 * 6], 6));
        Assert.Equal(FilledBasis.Count, basis.Count);
        using var vector = basis.ShareColumn(4);
        Assert.Equal(columns[4], vector.ToArray());
    }
}
