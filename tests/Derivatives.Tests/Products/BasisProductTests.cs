using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Products of a basis with coefficients and vectors.</summary>
public sealed class BasisProductTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Products_agree_with_sums_over_the_columns_evicted_or_not(bool evicted)
    {
        using var basis = FilledBasis.Fill(out double[][] columns);
        if (evicted)
        {
            basis.EvictToHost();
            Assert.True(basis.OnHost);
        }

        double[] w = VectorNumbers.Numbers(99, FilledBasis.Length);
        double[] c = VectorNumbers.Numbers(98, FilledBasis.Count);
        using var vector = Vector.From(w, ElementType.Float64, Device.Cpu);

        double[] projection = new double[FilledBasis.Count];
        basis.Project(vector, projection);
        double[] expected = [.. columns.Select(v => v.Zip(w, (a, b) => a * b).Sum())];
        FilledBasis.AssertEqual(expected, projection);

        basis.Subtract(vector, c);
        FilledBasis.AssertEqual([.. w.Select((x, i) => x - FilledBasis.Combination(columns, c, i))], vector.ToArray());

        basis.Combine(c, vector);
        FilledBasis.AssertEqual([.. w.Select((_, i) => FilledBasis.Combination(columns, c, i))], vector.ToArray());

        vector.CopyFrom(w);
        basis.Orthogonalise(vector);
        FilledBasis.AssertEqual(
            [.. w.Select((x, i) => x - FilledBasis.Combination(columns, expected, i))],
            vector.ToArray()
        );

        basis.RestoreToDevice();
        basis.CopyColumn(3, vector);
        Assert.Equal(columns[3], vector.ToArray());
    }
}
