using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

/// <summary>The ends of the Ritz values.</summary>
public class RitzEndsTests
{
    [Fact]
    public void Ritz_values_stay_inside_the_spectrum_and_the_ends_only_move_outwards() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), Gen.Choose(3, 25).ToArbitrary(), (seed, size) =>
            {
                var matrix = Matrices.WithEigenvalues(Matrices.Uniform(seed, size, -2, 5), seed);
                var exact = Matrices.Eigenvalues(matrix);
                using var symmetric = Matrices.Operator(matrix);
                using var start = Vectors.StartFor(symmetric, seed);
                var (top, bottom) = (double.NegativeInfinity, double.PositiveInfinity);
                for (var steps = 1; steps <= size; steps += 2)
                {
                    using var decomposition = Lanczos.Run(symmetric, start, new LanczosOptions { Steps = steps });
                    var (max, min) = (decomposition.RitzPairs[0].Value, decomposition.RitzPairs[^1].Value);
                    if (max > exact[0] + 1e-12 || min < exact[^1] - 1e-12 || max < top - 1e-12 || min > bottom + 1e-12)
                    {
                        return false;
                    }

                    (top, bottom) = (max, min);
                }

                return true;
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(25));
}
