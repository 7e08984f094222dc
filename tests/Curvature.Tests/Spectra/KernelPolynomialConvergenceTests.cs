using CurvatureMonitor.Curvature.RandomMatrices;
using CurvatureMonitor.Curvature.Spectra;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>The kernel polynomial method with a growing order.</summary>
public class KernelPolynomialConvergenceTests
{
    [Fact]
    public void The_kernel_polynomial_method_converges_to_the_semicircle_as_its_order_grows()
    {
        var law = new WignerSemicircle();
        var range = new SpectralRange(-2.2, 2.2);
        var previous = double.PositiveInfinity;
        foreach (var order in new[] { 15, 31, 63, 127 })
        {
            var polynomial = KernelPolynomial.Of(SemicircleDensity.Semicircle(64), order, range);
            var error = Enumerable
                .Range(0, 400)
                .Max(i => Math.Abs(polynomial.Cumulative(-2 + (i / 100.0)) - law.Cumulative(-2 + (i / 100.0))));

            // Jackson's kernel broadens by π/n of the half-range; where the density is p the distribution function
            // moves by some p'σ²/2, at the edges more.
            Assert.InRange(error, 0, Math.PI / order * 2.2 / Math.PI);
            Assert.True(error < previous);
            previous = error;
        }
    }

    [Fact]
    public void Stems_outside_the_range_are_refused()
    {
        Assert.Throws<ArgumentException>(() =>
            KernelPolynomial.Of(SemicircleDensity.Semicircle(5), range: new SpectralRange(-1, 3))
        );
        Assert.Throws<ArgumentException>(() =>
            MaximumEntropy.Of(SemicircleDensity.Semicircle(5), 4, new SpectralRange(-1, 3))
        );
        Assert.Throws<ArgumentOutOfRangeException>(() => MaximumEntropy.Of(SemicircleDensity.Semicircle(5), 10));
        Assert.Throws<ArgumentException>(() => new SpectralRange(1, 1));
    }
}
