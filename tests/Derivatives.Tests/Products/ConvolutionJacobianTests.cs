using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Jacobian products of convolutions.</summary>
public sealed class ConvolutionJacobianTests
{
    [Theory]
    [MemberData(nameof(ConvolutionGeometries.Geometries), MemberType = typeof(ConvolutionGeometries))]
    public void Jacobian_products_of_a_convolution_are_adjoint_and_those_of_both_ways_agree(
        string name,
        int dimensions,
        string convolution,
        long[] weight
    )
    {
        using var subject = new Subject(name, dimensions, convolution, weight);
        using var kept = new Linearization(subject.Objective, subject.Theta);
        using var rebuilt = new Linearization(
            subject.Objective,
            subject.Theta,
            new LinearizationOptions { RetainBytes = 0 }
        );
        using var v = TinyModels.Random(kept, 1);
        using var u = Vector.Zeros(kept.OutputCount, ElementType.Float64, Device.Cpu);
        u.FillNormal(2);
        using var jv = u.ZerosLike();
        using var jtu = v.ZerosLike();
        kept.JacobianProduct(v, jv);
        kept.VectorJacobianProduct(u, jtu);
        Assert.Equal(u.Dot(jv), v.Dot(jtu), 1e-11 * Math.Max(1, Math.Abs(u.Dot(jv))));

        // J v from the kept gradient graph on the one side, by forward mode on the other.
        using var expected = v.ZerosLike();
        rebuilt.GaussNewtonProduct(v, expected);
        kept.GaussNewtonProduct(v, jtu);
        Differences.AssertClose(expected.ToArray(), jtu, 1e-12);
    }
}
