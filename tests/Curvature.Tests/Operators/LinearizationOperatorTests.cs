using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Curvature.Tests.Cases;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Operators;

public class LinearizationOperatorTests
{
    public static TheoryData<string> EveryCase() => [.. ReferenceCase.Names];

    [Theory]
    [MemberData(nameof(EveryCase))]
    public void Every_operator_is_symmetric(string name)
    {
        foreach (var (type, rounding) in new[] { (ElementType.Float64, 1e-14), (ElementType.Float32, 1e-6) })
        {
            using var reference = new ReferenceCase(name, type);
            using var u = Vectors.Random(reference.Theta.Length, 1, type);
            using var v = Vectors.Random(reference.Theta.Length, 2, type);
            using var product = v.ZerosLike();
            var scale = Matrices.NormOf(reference.Eigenvalues(OperatorKind.Hessian));
            foreach (var kind in OperatorNames.All)
            {
                var symmetric = CurvatureAnalyzer.CreateOperator(kind, reference.Linearization);
                using var scratch = symmetric as IDisposable;
                symmetric.Apply(v, product);
                var left = u.Dot(product);
                symmetric.Apply(u, product);
                Assert.Equal(left, v.Dot(product), rounding * scale);
            }
        }
    }

    [Theory]
    [MemberData(nameof(EveryCase))]
    public void Operators_are_linear_and_the_residual_is_their_difference(string name)
    {
        using var reference = new ReferenceCase(name, ElementType.Float64);
        using var residual = new ResidualOperator(reference.Linearization);
        var hessian = new HessianOperator(reference.Linearization);
        var gaussNewton = new GaussNewtonOperator(reference.Linearization);
        using var v = Vectors.Random(reference.Theta.Length, 1);
        using var h = v.ZerosLike();
        using var g = v.ZerosLike();
        using var r = v.ZerosLike();
        hessian.Apply(v, h);
        gaussNewton.Apply(v, g);
        residual.Apply(v, r);
        var scale = h.Norm();
        Assert.Equal(1, hessian.Products);
        Assert.Equal(1, gaussNewton.Products);
        Assert.Equal(2, residual.Products);
        Assert.Equal(g.Norm(), residual.CancellationScale, 1e-12 * scale);
        h.Add(g, -1);
        h.Add(r, -1);
        Assert.InRange(h.Norm(), 0, 1e-13 * scale);

        using var doubled = v.Clone();
        doubled.Scale(2);
        gaussNewton.Apply(doubled, h);
        h.Add(g, -2);
        Assert.InRange(h.Norm(), 0, 1e-13 * scale);
        Assert.True(v.Dot(g) >= 0);
    }

    [Theory]
    [InlineData("mlp_tanh_49_16_10")]
    [InlineData("mlp_mse_49_20_3")]
    [InlineData("softmax_49_10")]
    public void The_hessian_product_is_the_derivative_of_the_gradient(string name)
    {
        using var reference = new ReferenceCase(name, ElementType.Float64);
        var hessian = new HessianOperator(reference.Linearization);
        using var v = Vectors.Random(reference.Theta.Length, 4);
        using var product = v.ZerosLike();
        hessian.Apply(v, product);

        const double step = 1e-4;
        using var theta = reference.Theta.Clone();
        using var ahead = v.ZerosLike();
        using var behind = v.ZerosLike();
        theta.Add(v, step);
        reference.Objective.Gradient(theta, ahead);
        theta.Add(v, -2 * step);
        reference.Objective.Gradient(theta, behind);
        ahead.Add(behind, -1);
        ahead.Scale(1 / (2 * step));
        ahead.Add(product, -1);
        Assert.InRange(ahead.Norm(), 0, 1e-7 * product.Norm());
    }

    [Fact]
    public void Hessian_and_gauss_newton_are_the_same_for_a_linear_model()
    {
        using var reference = new ReferenceCase("softmax_49_10", ElementType.Float64);
        using var v = Vectors.Random(reference.Theta.Length, 6);
        using var h = v.ZerosLike();
        using var g = v.ZerosLike();
        new HessianOperator(reference.Linearization).Apply(v, h);
        new GaussNewtonOperator(reference.Linearization).Apply(v, g);
        var scale = h.Norm();
        h.Add(g, -1);
        Assert.InRange(h.Norm(), 0, 1e-14 * scale);
    }

    [Theory]
    [InlineData("mlp_tanh_49_16_10", 37)]
    [InlineData("cnn_bn_eval", 50)]
    public void Micro_batches_do_not_change_a_product(string name, int microBatch)
    {
        using var whole = new ReferenceCase(name, ElementType.Float64);
        using var split = new ReferenceCase(name, ElementType.Float64, microBatch);
        Assert.True(split.Linearization.MicroBatches > 1);
        using var v = Vectors.Random(whole.Theta.Length, 6);
        using var expected = v.ZerosLike();
        using var actual = v.ZerosLike();
        foreach (var kind in OperatorNames.All)
        {
            var one = CurvatureAnalyzer.CreateOperator(kind, whole.Linearization);
            var other = CurvatureAnalyzer.CreateOperator(kind, split.Linearization);
            using var oneScratch = one as IDisposable;
            using var otherScratch = other as IDisposable;
            one.Apply(v, expected);
            other.Apply(v, actual);
            actual.Add(expected, -1);
            Assert.InRange(actual.Norm(), 0, 1e-13 * Matrices.NormOf(whole.Eigenvalues(OperatorKind.Hessian)));
        }
    }
}
