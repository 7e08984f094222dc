using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Training.Optimizers;

namespace CurvatureMonitor.Training.Tests.Optimizers;

/// <summary>Momentum under a constant gradient.</summary>
public sealed class HeavyBallTests
{
    [Fact]
    public void Heavy_ball_under_a_constant_gradient_moves_by_the_sum_of_a_geometric_series()
    {
        // m_t = g(1 − μᵗ)/(1 − μ), so θ_T = θ_0 − ηg Σ_{t=1..T} (1 − μᵗ)/(1 − μ).
        const double Rate = 0.1,
            Momentum = 0.5,
            Slope = 2;
        using var parameters = Vector.From([1.0], ElementType.Float64, Device.Cpu);
        using var gradient = parameters.ZerosLike();
        using var optimizer = Optimizer.Create(
            new OptimizerOptions { LearningRate = Rate, Momentum = Momentum },
            parameters
        );
        for (var t = 0; t < 4; t++)
        {
            gradient.Fill(Slope);
            optimizer.Step(parameters, gradient, Rate);
        }

        Assert.Equal(1 - (Rate * Slope * (1 + 1.5 + 1.75 + 1.875)), parameters.ToArray()[0], 1e-14);
    }
}
