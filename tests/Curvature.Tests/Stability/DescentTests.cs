using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Stability;

namespace CurvatureMonitor.Curvature.Tests.Stability;

/// <summary>Descent at the edge of stability.</summary>
public class DescentTests
{
    [Theory]
    [InlineData(0, false)]
    [InlineData(0.5, false)]
    [InlineData(0.9, false)]
    [InlineData(0.9, true)]
    public void Descent_on_a_parabola_converges_just_below_the_limit_and_diverges_just_above(
        double momentum,
        bool nesterov
    )
    {
        var settings = new SgdSettings(0.1, momentum, nesterov);
        var limit = Limits.Limit(settings, StabilityKind.Full);
        Assert.True(Descend(settings, 0.98 * limit) < 1e-3);
        Assert.True(Descend(settings, 1.02 * limit) > 1e3);
    }

    // PyTorch's update rule on f(x) = λx²/2 from 1; returns |x| at the end.
    private static double Descend(SgdSettings settings, double curvature)
    {
        var (x, buffer) = (1.0, 0.0);
        for (var step = 0; step < 5000 && Math.Abs(x) < 1e100; step++)
        {
            var gradient = curvature * x;
            buffer = (settings.Momentum * buffer) + gradient;
            x -= settings.LearningRate * (settings.Nesterov ? gradient + (settings.Momentum * buffer) : buffer);
        }

        return Math.Abs(x);
    }
}
