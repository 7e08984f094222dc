using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Columns of a basis, and how many there may be.</summary>
public sealed class BasisColumnTests
{
    [Fact]
    public void A_full_basis_refuses_and_truncation_makes_room()
    {
        using var basis = FilledBasis.Fill(out _);
        using var extra = Vector.Zeros(FilledBasis.Length, ElementType.Float64, Device.Cpu);
        var exception = Assert.Throws<DerivativeException>(() => basis.Append(extra));
        Assert.Equal("the basis is full: it has room for 5 vectors", exception.Message);
        Assert.Equal(FilledBasis.Count, basis.Count);
        basis.Truncate(2);
        basis.Append(extra);
        Assert.Equal(3, basis.Count);
        Assert.Throws<DerivativeException>(() => basis.CopyColumn(3, extra));
        Assert.Throws<DerivativeException>(() => basis.Truncate(4));
        Assert.Throws<DerivativeException>(() => basis.Project(extra, new double[2]));
    }

    [Fact]
    public void A_shared_column_outlives_its_basis_and_sees_what_is_written()
    {
        var basis = FilledBasis.Fill(out double[][] columns);
        using var shared = basis.ShareColumn(2);
        Assert.Equal(columns[2], shared.ToArray());
        using var copy = shared.ZerosLike();
        shared.Scale(2);
        basis.CopyColumn(2, copy);
        Assert.Equal(shared.ToArray(), copy.ToArray());
        Assert.Throws<DerivativeException>(() => basis.ShareColumn(FilledBasis.Count));
        basis.Dispose();
        Assert.Equal(columns[2].Select(x => 2 * x), shared.ToArray());
    }

    [Fact]
    public void A_basis_made_on_the_host_works_like_an_evicted_one()
    {
        using var basis = new Basis(
            FilledBasis.Length,
            FilledBasis.Count,
            ElementType.Float64,
            Device.Cpu,
            onHost: true
        );
        Assert.True(basis.OnHost);
        using var vector = Vector.From(VectorNumbers.Numbers(1, FilledBasis.Length), ElementType.Float64, Device.Cpu);
        basis.Append(vector);
        using var copy = vector.ZerosLike();
        basis.Combine([3], copy);
        Assert.Equal(vector.ToArray().Select(x => 3 * x), copy.ToArray());
        basis.RestoreToDevice();
        Assert.False(basis.OnHost);
    }
}
