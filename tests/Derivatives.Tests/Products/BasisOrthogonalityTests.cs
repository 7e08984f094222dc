using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Vectors that are made orthogonal to a basis.</summary>
public sealed class BasisOrthogonalityTests
{
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
}
