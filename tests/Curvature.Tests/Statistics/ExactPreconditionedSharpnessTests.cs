using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Stability;
using CurvatureMonitor.Curvature.Tests.Support;
using CurvatureMonitor.Derivatives;
using MathNet.Numerics.LinearAlgebra;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

/// <summary>Sharpness behind the preconditioner of Adam.</summary>
public class ExactPreconditionedSharpnessTests
{
    [Fact]
    public void Preconditioned_sharpness_is_the_largest_eigenvalue_behind_adams_preconditioner()
    {
        using var model = new TinyModel();
        var moments = Enumerable.Range(0, model.ParameterCount).Select(i => 1e-3 * (1 + i)).ToArray();
        using var second = Vector.From(moments, ElementType.Float64, Device.Cpu);
        var adam = new AdamSettings(0.01);
        var measured = model.Statistics.PreconditionedSharpness(second, adam, 7);
        var p = moments
            .Select(nu => (1 - Math.Pow(0.9, 7)) * (Math.Sqrt(nu / (1 - Math.Pow(0.999, 7))) + 1e-8))
            .ToArray();
        var h = model.Matrix(OperatorKind.Hessian);
        var scaled = Matrix<double>.Build.Dense(p.Length, p.Length, (i, j) =>
            (h[i, j] + h[j, i]) / 2 / Math.Sqrt(p[i] * p[j])
        );
        var exact = Matrices.Eigenvalues(scaled.ToArray())[0];
        Assert.Equal(exact, measured.Sharpness.Value, Math.Max(1e-9, measured.Sharpness.Error));
        Assert.Equal(measured.Sharpness.Value * (0.1 * 0.01) / 3.8, measured.Ratio!.Ratio, 1e-9);
        Assert.True(measured.Converged);
    }
}
