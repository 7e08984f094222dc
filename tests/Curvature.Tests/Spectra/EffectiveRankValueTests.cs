using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Spectra;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>Effective ranks of known eigenvalues.</summary>
public class EffectiveRankValueTests
{
    [Fact]
    public void The_effective_ranks_are_those_of_the_eigenvalues_and_in_order() =>
        Prop.ForAll(EqualWeights.Values(25), values =>
            {
                var effective = EffectiveRank.Of(EqualWeights.Equal(values));
                var total = values.Sum(Math.Abs);
                if (total == 0)
                {
                    return effective is null;
                }

                var shares = values.Where(x => x != 0).Select(x => Math.Abs(x) / total).ToArray();
                return Math.Abs(effective!.Entropy - Math.Exp(-shares.Sum(p => p * Math.Log(p)))) < 1e-9
                    && Math.Abs(effective.Participation - (1 / shares.Sum(p => p * p))) < 1e-9
                    && Math.Abs(effective.Stable - (values.Sum(x => x * x) / Math.Pow(values.Max(Math.Abs), 2))) < 1e-9
                    && effective.Stable <= effective.Participation + 1e-9
                    && effective.Participation <= effective.Entropy + 1e-9;
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void The_zero_operator_has_no_effective_rank() =>
        Assert.Null(EffectiveRank.Of(SpectralDensity.Create([0, 0], [1, 2], 5)));
}
