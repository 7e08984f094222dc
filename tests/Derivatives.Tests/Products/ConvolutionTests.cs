namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>
/// The engine's own derivatives of convolution and of batch norm with stored statistics, in every geometry, against
/// central differences in float64.
/// </summary>
public sealed class ConvolutionTests
{
    [Theory]
    [MemberData(nameof(ConvolutionGeometries.Geometries), MemberType = typeof(ConvolutionGeometries))]
    public void Hessian_products_of_a_convolution_agree_with_central_differences(
        string name,
        int dimensions,
        string convolution,
        long[] weight
    )
    {
        using var subject = new Subject(name, dimensions, convolution, weight);
        using var at = new Linearization(subject.Objective, subject.Theta);
        using var v = TinyModels.Random(at, 1);
        using var w = v.ZerosLike();
        for (int product = 0; product < 2; product++)
        {
            at.HessianProduct(v, w);
            Differences.AssertClose(Differences.HessianProduct(subject.Objective, subject.Theta, v), w, 1e-7);
        }
    }
}
