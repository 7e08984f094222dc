using CurvatureMonitor.Contracts.Models;

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
        using var basis = new Basis(length, Count + 2, type, Device.Cpu);
        using var vector = Vector.Zeros(length, type, Device.Cpu);
        double[][] columns = new double[Count][];
        for (int j = 0; j < Count; j++)
        {
            vector.FillNormal(j);
            columns[j] = vector.ToArray();
            basis.Append(vector);
        }

        double[] rotation = VectorTests.Numbers(7, Count * kept);
        basis.Rotate(rotation, kept);
        Assert.Equal(kept, basis.Count);
        for (int j = 0; j < kept; j++)
        {
            double[] c = [.. Enumerable.Range(0, Count).Select(i => rotation[(i * kept) + j])];
            basis.CopyColumn(j, vector);
            double[] actual = vector.ToArray();
            Assert.All(Enumerable.Range(0, length), row =>
                Assert.Equal(Combination(columns, c, row), actual[row], tolerance)
            );
        }

        basis.Append(vector);
        Assert.Equal(kept + 1, basis.Count);
    }

    [Fact]
    public void A_rotation_of_another_size_is_refused_and_changes_nothing()
    {
        using var basis = Fill(out double[][] columns);
        Assert.Throws<ArgumentException>(() => basis.Rotate(new double[4 * 2], 2));
        Assert.Throws<TorchException>(() => basis.Rotate(new double[5 * 6], 6));
        Assert.Equal(Count, basis.Count);
        using var vector = basis.ShareColumn(4);
        Assert.Equal(columns[4], vector.ToArray());
    }

    [Fact]
    public void A_shared_column_outlives_its_basis_and_sees_what_is_written()
    {
        var basis = Fill(out double[][] columns);
        using var shared = basis.ShareColumn(2);
        Assert.Equal(columns[2], shared.ToArray());
        using var copy = shared.ZerosLike();
        shared.Scale(2);
        basis.CopyColumn(2, copy);
        Assert.Equal(shared.ToArray(), copy.ToArray());
        Assert.Throws<TorchException>(() => basis.ShareColumn(Count));
        basis.Dispose();
        Assert.Equal(columns[2].Select(x => 2 * x), shared.ToArray());
    }

    [Fact]
    public void A_basis_made_on_the_host_works_like_an_evicted_one()
    {
        using var basis = new Basis(Length, Count, ElementType.Float64, Device.Cpu, onHost: true);
        Assert.True(basis.OnHost);
        using var vector = Vector.From(VectorTests.Numbers(1, Length), ElementType.Float64, Device.Cpu);
        basis.Append(vector);
        using var copy = vector.ZerosLike();
        basis.Combine([3], copy);
        Assert.Equal(vector.ToArray().Select(x => 3 * x), copy.ToArray());
        basis.RestoreToDevice();
        Assert.False(basis.OnHost);
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

    private static double Combination(double[][] columns, double[] c, int row) =>
        columns.Zip(c, (v, x) => v[row] * x).Sum();

    private static void AssertEqual(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-13));
    }
}
