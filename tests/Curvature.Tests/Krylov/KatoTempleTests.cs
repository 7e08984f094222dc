using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

/// <summary>The bound of the largest eigenvalue by residual and gap.</summary>
public class KatoTempleTests
{
    [Fact]
    public void It_holds_for_every_vector_where_the_gap_is_known()
    {
        // In the basis of its eigenvectors a symmetric matrix is its spectrum, and a vector the weights of it.
        var random = new Random(3);
        var used = 0;
        for (var trial = 0; trial < 20_000; trial++)
        {
            var size = random.Next(2, 12);
            double[] spectrum = [.. Enumerable.Range(0, size).Select(_ => Matrices.Normal(random)).OrderDescending()];
            var spread = Math.Pow(10, -3 * random.NextDouble());
            double[] weights = [1, .. Enumerable.Range(1, size - 1).Select(_ => spread * Matrices.Normal(random))];
            var norm = weights.Sum(w => w * w);
            var value = weights.Zip(spectrum).Sum(pair => pair.First * pair.First * pair.Second) / norm;
            var residual = Math.Sqrt(
                weights.Zip(spectrum).Sum(pair => Math.Pow(pair.First * (pair.Second - value), 2)) / norm
            );
            var gap = (value - spectrum[1]) * random.NextDouble();
            if (gap > residual)
            {
                used++;
                var bound = KatoTemple.Bound(residual, gap);
                Assert.True(bound <= residual);
                Assert.InRange(spectrum[0] - value, -1e-14, bound + 1e-14);
            }
        }

        Assert.InRange(used, 3_000, 20_000);
    }

    [Fact]
    public void Two_eigenvalues_reach_it()
    {
        // y = (cos φ, sin φ) on the spectrum (1, 0): θ = cos²φ, r = sin φ cos φ, λ1 − θ = sin²φ = r²/θ.
        var (sine, cosine) = Math.SinCos(0.1);
        Assert.Equal(sine * sine, KatoTemple.Bound(sine * cosine, cosine * cosine), 1e-15);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(0.2)]
    [InlineData(double.NaN)]
    public void Without_a_gap_beyond_the_residual_it_is_the_residual(double gap) =>
        Assert.Equal(0.2, KatoTemple.Bound(0.2, gap));

    [Fact]
    public void A_gap_shrinks_by_twice_the_way_of_the_largest_and_a_narrow_one_is_none()
    {
        var gap = new SpectralGap(Second: 4, Moved: 0.5, Largest: 10);
        Assert.Equal(5, gap.Below(10, double.NegativeInfinity), 1e-12);
        Assert.Equal(4, gap.Below(11, 3), 1e-12);
        Assert.Equal(0, gap.Below(9.5, 3) - 3.5, 1e-12);
        Assert.Equal(0, gap.Below(6, 3));

        // λ2 is not below a second Ritz value: where that lies above what was told, what was told is wrong.
        Assert.Equal(0, gap.Below(10, 5.5));
    }
}
