using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

/// <summary>Ritz vectors and their residuals.</summary>
public class RitzVectorTests
{
    [Fact]
    public void Ritz_vectors_are_unit_vectors_with_the_promised_residual()
    {
        using var symmetric = Matrices.Operator(Matrices.Named("random"));
        using var start = Vectors.StartFor(symmetric, 9);
        using var decomposition = Lanczos.Run(symmetric, start, new LanczosOptions { Steps = 15 });
        using var y = start.ZerosLike();
        using var product = start.ZerosLike();
        for (var i = 0; i < decomposition.Steps; i++)
        {
            decomposition.RitzVector(i, y);
            Assert.Equal(1, y.Norm(), 1e-13);
            symmetric.Apply(y, product);
            product.Add(y, -decomposition.RitzPairs[i].Value);
            Assert.Equal(decomposition.RitzPairs[i].ResidualBound, product.Norm(), 1e-12);
        }
    }
}
