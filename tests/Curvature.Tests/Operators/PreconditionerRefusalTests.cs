using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Curvature.Tests.Support;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Tests.Operators;

/// <summary>Preconditioners that make no sense.</summary>
public class PreconditionerRefusalTests
{
    [Fact]
    public void A_preconditioner_that_is_not_positive_or_does_not_fit_is_refused()
    {
        using var inner = Matrices.Operator(Matrices.Identity(3));
        foreach (
            var bad in new double[][]
            {
                [1, 0, 1],
                [1, -1, 1],
                [1, double.NaN, 1],
                [1, double.PositiveInfinity, 1],
                [1, 1],
            }
        )
        {
            using var diagonal = Vector.From(bad, ElementType.Float64, Device.Cpu);
            Assert.IsType(
                bad.Length == 3 ? typeof(UserErrorException) : typeof(ArgumentException),
                Record.Exception(() => PreconditionedOperator.ForDiagonal(inner, diagonal))
            );
        }

        using var zeros = Vector.Zeros(3, ElementType.Float64, Device.Cpu);
        Assert.Throws<UserErrorException>(() => PreconditionedOperator.ForAdam(inner, zeros, 0.9, 0.99, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            PreconditionedOperator.ForAdam(inner, zeros, 0.9, 0.99, 0, 1e-8)
        );
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            PreconditionedOperator.ForAdam(inner, zeros, 1, 0.99, 1, 1e-8)
        );
    }
}
