using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Tests.Cases;
using CurvatureMonitor.Curvature.Tests.Support;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>The sharpness from a cold and from a warm start.</summary>
[Collection(nameof(Alone))]
public class SharpnessMeasurementTests
{
    private const string Name = "mlp_tanh_49_16_10";

    [Fact]
    public void Sharpness_is_right_cold_and_cheaper_warm()
    {
        using var reference = new ReferenceCase(Name, ElementType.Float32);
        using var moved = reference.Theta.Clone();
        using var step = Vectors.Random(moved.Length, 8, ElementType.Float32);
        moved.Add(step, 1e-2 * moved.Norm());
        using var next = new Linearization(reference.Objective, moved);
        using var warm = new WarmStart();
        var options = new ExtremalOptions { Tolerance = 0.05 };
        var clock = new StepClock();
        var here = new CurvatureAnalyzer(reference.Linearization, clock);
        var first = here.Sharpness(OperatorKind.Hessian, options, warm);
        var cold = new CurvatureAnalyzer(next, clock).Sharpness(OperatorKind.Hessian, options);
        var second = new CurvatureAnalyzer(next, clock).Sharpness(OperatorKind.Hessian, options, warm);
        var exact = reference.Eigenvalues(OperatorKind.Hessian);
        Assert.Equal("sharpness", first.Analysis);
        Assert.True(first.Converged && cold.Converged && second.Converged);
        Assert.Equal(exact[0], first.LambdaMax!.Value, first.LambdaMax.Error);
        Assert.InRange(Matrices.DistanceToNearest(first.LambdaMin!.Value, exact), 0, first.LambdaMin.Error);
        Assert.Equal(
            [false, false, true],
            new[] { first, cold, second }.Select(result => result.Provenance.WarmStarted)
        );
        Assert.True(
            2 * second.Cost.CurvatureProducts <= cold.Cost.CurvatureProducts,
            $"warm {second.Cost}, cold {cold.Cost}"
        );
        Assert.Equal(cold.LambdaMax!.Value, second.LambdaMax!.Value, cold.LambdaMax.Error + second.LambdaMax.Error);
    }
}
