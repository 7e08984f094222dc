using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Curvature.Tests.Support;
using CurvatureMonitor.Derivatives;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>Deflated operators are symmetric.</summary>
public class DeflatedSymmetryTests
{
    [Fact]
    public void A_deflated_operator_is_symmetric_whatever_the_directions() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
            {
                using var symmetric = Matrices.Operator(Matrices.Named("random", seed));
                using var directions = new Basis(40, 2, ElementType.Float64, Device.Cpu);
                using var x = Vectors.Random(40, seed);
                directions.Append(x);
                using var y = Vectors.Random(40, seed + 1L);
                directions.Orthogonalise(y);
                directions.Orthogonalise(y);
                y.Scale(1 / y.Norm());
                directions.Append(y);
                using var deflated = new DeflatedOperator(symmetric, directions);
                using var a = Vectors.Random(40, seed + 2L);
                using var b = Vectors.Random(40, seed + 3L);
                using var result = a.ZerosLike();
                deflated.Apply(a, result);
                var left = b.Dot(result);
                var inside = Math.Max(Math.Abs(x.Dot(result)), Math.Abs(y.Dot(result)));
                deflated.Apply(b, result);
                return Math.Abs(left - a.Dot(result)) < 1e-13 && inside < 1e-13;
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(40));
}
