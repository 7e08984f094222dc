using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

public class SpectralDensityTests
{
    [Fact]
    public void Moments_up_to_2m_minus_1_are_those_of_the_start_vector() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), Gen.Choose(1, 6).ToArbitrary(), (seed, steps) =>
            {
                using var symmetric = Matrices.Operator(
                    Matrices.WithEigenvalues(Matrices.Uniform(seed, 25, -1, 1.5), seed)
                );
                using var start = Vectors.StartFor(symmetric, seed);
                using var decomposition = Lanczos.Run(symmetric, start, new LanczosOptions { Steps = steps });
                var density = SpectralDensity.From(decomposition);
                var exact = Vectors.Moments(symmetric, start, 2 * steps);
                return Enumerable
                        .Range(0, 2 * steps)
                        .All(k => Math.Abs(density.Moment(k) - exact[k]) < 1e-12 * Math.Pow(1.5, k) * 10)
                    && density.Moment(2 * steps) < exact[2 * steps];
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Theory]
    [MemberData(nameof(Krylov.NamedMatrices.EveryMatrix), MemberType = typeof(Krylov.NamedMatrices))]
    public void Weights_are_positive_and_sum_to_one_and_nodes_ascend(string name, ElementType type)
    {
        using var symmetric = Matrices.Operator(Matrices.Named(name), type);
        var density = MeasuredDensity.Of(symmetric, 1, 10);
        Assert.Equal(1, density.Weights.Sum(), 1e-14);
        Assert.All(density.Weights, weight => Assert.InRange(weight, 0, 1));
        Assert.Equal(density.Nodes.Order(), density.Nodes);
        Assert.Equal(40, density.Dimension);
    }
}
