using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Curvature.Tests.Cases;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Operators;

/// <summary>Operators are symmetric.</summary>
public class OperatorSymmetryTests
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
                var symmetric = LinearizationOperator.Create(kind, reference.Linearization);
                using var scratch = symmetric as IDisposable;
                symmetric.Apply(v, product);
                var left = u.Dot(product);
                symmetric.Apply(u, product);
                Assert.Equal(left, v.Dot(product), rounding * scale);
            }
        }
    }
}
