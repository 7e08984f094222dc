using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Curvature.Stability;
using CurvatureMonitor.Curvature.Tests.Statistics;
using CurvatureMonitor.Curvature.Tests.Support;
using CurvatureMonitor.Derivatives;
using MathNet.Numerics.LinearAlgebra;

namespace CurvatureMonitor.Curvature.Tests.Operators;

/// <summary>The operator of steps with rates of their own, against the whole matrix.</summary>
public class StepOperatorTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Its_largest_eigenvalue_is_that_of_the_scaled_matrix(bool divided)
    {
        using var model = new TinyModel();
        int count = model.ParameterCount;

        // A parameter that is not stepped has a rate of 0, or no moments.
        double[] rates = [.. Enumerable.Range(0, count).Select(i => i % 4 == 0 ? 0 : 0.1 * (1 + (i % 3)))];
        double[] moments =
        [
            .. Enumerable.Range(0, count).Select(i => i % 5 == 0 ? double.PositiveInfinity : 1e-3 * (1 + i)),
        ];
        var diagonal = Preconditioner.OfAdam(0.9, 0.999, 1e-8, 7);
        using var roots = Of(rates.Select(Math.Sqrt));
        using var second = Of(moments);
        var inner = LinearizationOperator.Create(OperatorKind.Hessian, model.Linearization);
        using var scratch = inner as IDisposable;
        using var scaled = PreconditionedOperator.ForStep(
            inner,
            divided ? second : null,
            divided ? diagonal : null,
            roots
        );
        using var found = ExtremalEigenpairs.Find(scaled, new ExtremalOptions { Top = 1, Bottom = 0 });

        double[] factors = [.. Enumerable.Range(0, count).Select(i => rates[i] / (divided ? Divisor(moments[i]) : 1))];
        var h = model.Matrix(OperatorKind.Hessian);
        var dense = Matrix<double>.Build.Dense(
            count,
            count,
            (i, j) => (h[i, j] + h[j, i]) / 2 * Math.Sqrt(factors[i] * factors[j])
        );
        double exact = Matrices.Eigenvalues(dense.ToArray())[0];
        Assert.Equal(exact, found.LambdaMax!.Value, Math.Max(1e-9, found.LambdaMax.Error));
    }

    private static double Divisor(double moment) =>
        (1 - Math.Pow(0.9, 7)) * (Math.Sqrt(moment / (1 - Math.Pow(0.999, 7))) + 1e-8);

    private static Vector Of(IEnumerable<double> values) => Vector.From([.. values], ElementType.Float64, Device.Cpu);
}
