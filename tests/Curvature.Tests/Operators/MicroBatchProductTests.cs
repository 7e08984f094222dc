using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Curvature.Tests.Cases;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Operators;

/// <summary>Products in micro-batches.</summary>
public class MicroBatchProductTests
{
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
            var one = LinearizationOperator.Create(kind, whole.Linearization);
            var other = LinearizationOperator.Create(kind, split.Linearization);
            using var oneScratch = one as IDisposable;
            using var otherScratch = other as IDisposable;
            one.Apply(v, expected);
            other.Apply(v, actual);
            actual.Add(expected, -1);
            Assert.InRange(actual.Norm(), 0, 1e-13 * Matrices.NormOf(whole.Eigenvalues(OperatorKind.Hessian)));
        }
    }
}
