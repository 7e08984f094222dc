using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Operators;
using Vector = CurvatureMonitor.Derivatives.Vector;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

/// <summary>A Lanczos factorisation held against its definition.</summary>
internal static class FactorisationAssertions
{
    // Column by column: A v_j = β_{j−1} v_{j−1} + α_j v_j + β_j v_{j+1}, and VᵀV = I.
    internal static void AssertFactorisation(
        DenseOperator symmetric,
        LanczosDecomposition decomposition,
        double rounding,
        double orthogonality
    )
    {
        var columns = new List<Vector>();
        try
        {
            for (var j = 0; j < decomposition.Steps; j++)
            {
                columns.Add(Vector.Zeros(symmetric.Dimension, symmetric.ElementType, symmetric.Device));
                decomposition.Basis.CopyColumn(j, columns[^1]);
            }

            if (decomposition.Next is { } next)
            {
                columns.Add(next.Clone());
            }

            AssertOrthonormal(columns, orthogonality);
            using var product = Vector.Zeros(symmetric.Dimension, symmetric.ElementType, symmetric.Device);
            for (var j = 0; j < decomposition.Steps; j++)
            {
                symmetric.Apply(columns[j], product);
                product.Add(columns[j], -decomposition.Alpha[j]);
                if (j > 0)
                {
                    product.Add(columns[j - 1], -decomposition.Beta[j - 1]);
                }

                if (j < columns.Count - 1)
                {
                    product.Add(columns[j + 1], -decomposition.Beta[j]);
                }

                Assert.InRange(product.Norm(), 0, j < columns.Count - 1 ? rounding : rounding + decomposition.Beta[j]);
            }
        }
        finally
        {
            columns.ForEach(column => column.Dispose());
        }
    }

    internal static void AssertOrthonormal(List<Vector> vectors, double tolerance)
    {
        for (var i = 0; i < vectors.Count; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                Assert.Equal(i == j ? 1 : 0, vectors[i].Dot(vectors[j]), tolerance);
            }
        }
    }

    internal static void AssertResidual(DenseOperator symmetric, RitzPair pair, Vector vector, double rounding)
    {
        using var product = vector.ZerosLike();
        symmetric.Apply(vector, product);
        product.Add(vector, -pair.Value);
        Assert.InRange(product.Norm(), 0, pair.ResidualBound + (2 * rounding));
    }
}
