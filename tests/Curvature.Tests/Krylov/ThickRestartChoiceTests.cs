using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

/// <summary>What a restart keeps.</summary>
public class ThickRestartChoiceTests
{
    [Theory]
    [InlineData(10, 2, 1, 6)]
    [InlineData(10, 3, 0, 5)]
    [InlineData(10, 0, 3, 5)]
    [InlineData(36, 20, 5, 10)]
    public void A_restart_keeps_all_that_is_wanted_and_leaves_room(int size, int top, int bottom, int seed)
    {
        double[] values = [.. Matrices.Uniform(seed, size, -2, 5).OrderDescending()];
        foreach (var (topDone, bottomDone) in new[] { (false, false), (true, false), (false, true) })
        {
            var (i, j) = ThickRestart.Choose(values, top, bottom, topDone, bottomDone);
            Assert.InRange(i, top, size - ThickRestart.FewestSteps - j);
            Assert.InRange(j, bottom, size);
        }
    }
}
