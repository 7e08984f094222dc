using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;
using Vector = CurvatureMonitor.Derivatives.Vector;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

/// <summary>A V = V T + r eᵀ with the last residual r, and V is orthonormal.</summary>
public class LanczosFactorisationTests
{
    [Theory]
    [MemberData(nameof(NamedMatrices.EveryMatrix), MemberType = typeof(NamedMatrices))]
    public void The_factorisation_holds_and_the_basis_is_orthonormal(string name, ElementType type)
    {
        var matrix = Matrices.Named(name);
        var rounding = type == ElementType.Float64 ? 1e-13 : 1e-5;
        var norm = Matrices.NormOf(Matrices.Eigenvalues(matrix));
        using var symmetric = Matrices.Operator(matrix, type);
        using var start = Vectors.StartFor(symmetric, 3);
        using var decomposition = Lanczos.Run(symmetric, start, new LanczosOptions { Steps = 20 });

        var v = Columns(decomposition);
        using var column = start.ZerosLike();
        using var product = start.ZerosLike();
        for (var j = 0; j < v.Length; j++)
        {
            column.CopyFrom(v[j]);
            symmetric.Apply(column, product);
            product.Add(column, -decomposition.Alpha[j]);
            Subtract(product, j > 0 ? v[j - 1] : null, j > 0 ? decomposition.Beta[j - 1] : 0);
            Subtract(product, j < v.Length - 1 ? v[j + 1] : decomposition.Next?.ToArray(), decomposition.Beta[j]);
            var last = j == v.Length - 1 && decomposition.InvariantSubspace ? decomposition.Beta[j] : 0;
            Assert.InRange(product.Norm(), 0, (rounding * norm) + last);
            for (var i = 0; i <= j; i++)
            {
                Assert.Equal(
                    i == j ? 1 : 0,
                    v[i].Zip(v[j], (a, b) => a * b).Sum(),
                    type == ElementType.Float64 ? 1e-14 : 1e-6
                );
            }
        }
    }

    private static double[][] Columns(LanczosDecomposition decomposition)
    {
        using var column = Vector.Zeros(decomposition.Basis.Length, decomposition.Basis.ElementType, Device.Cpu);
        return
        [
            .. Enumerable
                .Range(0, decomposition.Steps)
                .Select(j =>
                {
                    decomposition.Basis.CopyColumn(j, column);
                    return column.ToArray();
                }),
        ];
    }

    private static void Subtract(Vector product, double[]? direction, double factor)
    {
        if (direction is not null)
        {
            using var vector = Vector.From(direction, product.ElementType, Device.Cpu);
            product.Add(vector, -factor);
        }
    }
}
