namespace CurvatureMonitor.Torch.Tests;

public sealed class BasisTests
{
    private const int Length = 37;
    private const int Count = 5;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Products_agree_with_sums_over_the_columns_evicted_or_not(bool evicted)
    {
        using var basis = Fill(out double[][] columns);
        if (evicted)
        {
            basis.EvictToHost();
            Assert.True(basis.OnHost);
        }

        double[] w = VectorTests.Numbers(99, Length);
        double[] c = VectorTests.Numbers(98, Count);
        using var vector = Vector.From(w, ElementType.Float64, Device.Cpu);

        double[] projection = new double[Count];
        basis.Project(vector, projection);
        double[] expected = [.. columns.Select(v => v.Zip(w, (a, b) => a * b).Sum())];
        AssertEqual(expected, projection);

        basis.Subtract(vector, c);
        AssertEqual([.. w.Select((x, i) => x - Combination(columns, c, i))], vector.ToArray());

        basis.Combine(c, vector);
        AssertEqual([.. w.Select((_, i) => Combination(columns, c, i))], vector.ToArray());

        vector.CopyFrom(w);
        basis.Orthogonalise(vector);
        AssertEqual([.. w.Select((x, i) => x - Combination(columns, expected, i))], vector.ToArray());

        basis.RestoreToDevice();
        basis.CopyColumn(3, vector);
        Assert.Equal(columns[3], vector.ToArray());
    }

    [Fact]
    public void Orthogonalising_twice_against_an_orthonormal_basis_leaves_rounding()
    {
        using var basis = new Basis(1000, 20, ElementType.Float32, Device.Cpu);
        using var v = Vector.Zeros(1000, ElementType.Float32, Device.Cpu);
        double[] c = new double[20];
        for (int j = 0; j < 20; j++)
        {
            v.FillNormal(j);
            basis.Orthogonalise(v);
            basis.Orthogonalise(v);
            v.Scale(1 / v.Norm());
            double[] overlaps = new double[j];
            basis.Project(v, overlaps);
            Assert.All(overlaps, overlap => Assert.InRange(Math.Abs(overlap), 0, 1e-6));
            basis.Append(v);
        }

        basis.Project(v, c);
        Assert.Equal(1, c[19], 1e-6);
    }

    [Fact]
    public void A_full_basis_refuses_and_truncation_makes_room()
    {
        using var basis = Fill(out _);
        using var extra = Vector.Zeros(Length, ElementType.Float64, Device.Cpu);
        var exception = Assert.Throws<TorchException>(() => basis.Append(extra));
        Assert.Equal("the basis is full: it has room for 5 vectors", exception.Message);
        Assert.Equal(Count, basis.Count);
        basis.Truncate(2);
        basis.Append(extra);
        Assert.Equal(3, basis.Count);
        Assert.Throws<TorchException>(() => basis.CopyColumn(3, extra));
        Assert.Throws<TorchException>(() => basis.Truncate(4));
        Assert.Throws<TorchException>(() => basis.Project(extra, new double[2]));
    }

    private static Basis Fill(out double[][] columns)
    {
        var basis = new Basis(Length, Count, ElementType.Float64, Device.Cpu);
        columns = [.. Enumerable.Range(0, Count).Select(i => VectorTests.Numbers(i, Length))];
        foreach (double[] column in columns)
        {
            using var v = Vector.From(column, ElementType.Float64, Device.Cpu);
            basis.Append(v);
        }

        return basis;
    }

    private static double Combination(double[][] columns, double[] c, int row) => columns.Zip(c, (v, x) => v[row] * x).Sum();

    private static void AssertEqual(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-13));
    }
}
