using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

/// <summary>How many vectors a restarted search needs.</summary>
public class ThickRestartRoomTests
{
    [Fact]
    public void Too_few_vectors_for_the_pairs_are_refused_with_the_fewest_that_do()
    {
        using var symmetric = Matrices.Operator(Matrices.Named("random"));
        var refusal = Assert.Throws<ArgumentException>(() =>
            ExtremalEigenpairs.Find(
                symmetric,
                new ExtremalOptions
                {
                    Top = 20,
                    Bottom = 5,
                    MaximumVectors = 30,
                }
            )
        );
        Assert.Equal("MaximumVectors is at least 31 for 20 + 5 pairs, not 30", refusal.Message);
        using var result = ExtremalEigenpairs.Find(
            symmetric,
            new ExtremalOptions
            {
                Top = 20,
                Bottom = 5,
                MaximumVectors = 31,
                MaximumSteps = 4000,
                Tolerance = 1e-9,
            }
        );
        Assert.True(result.Converged);
    }
}
