using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Curvature.Tests.Support;
using CurvatureMonitor.Derivatives;
using MathNet.Numerics.LinearAlgebra;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>Operators with directions taken out.</summary>
public class DeflatedOperatorTests
{
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
}
