using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>The density of the kernel polynomial method.</summary>
public class KernelPolynomialTests
{
    [Fact]
    public void The_kernel_polynomial_density_is_positive_has_mass_one_and_integrates_to_its_distribution_function()
    {
        using var symmetric = Matrices.Operator(Matrices.Named("low-rank"));
        using var start = Vectors.StartFor(symmetric, 2);
        using var decomposition = Lanczos.Run(symmetric, start, new LanczosOptions { Steps = 40 });
        foreach (var order in new[] { 1, 5, 40, 200 })
        {
            var polynomial = KernelPolynomial.Of(SpectralDensity.From(decomposition), order);
            var curve = polynomial.Sample(20_001);
            Assert.All(curve.Values, value => Assert.True(value >= 0));

            // Over the angle the integrand is a cosine polynomial, of which midpoints make no error.
            var mass = Enumerable
                .Range(0, 1000)
                .Select(i => (i + 0.5) * Math.PI / 1000)
                .Sum(angle =>
                    polynomial.Density(polynomial.Range.Denormalise(Math.Cos(angle)))
                    * polynomial.Range.HalfWidth
                    * Math.Sin(angle)
                    * Math.PI
                    / 1000
                );
            Assert.Equal(1, mass, 1e-9);
            Assert.Equal(0, polynomial.Cumulative(polynomial.Range.Low), 1e-12);
            Assert.Equal(1, polynomial.Cumulative(polynomial.Range.High), 1e-12);
            var (from, to) = (6000, 14_000);
            var between = new SampledDensity(
                [.. curve.Points.Skip(from).Take(to - from + 1)],
                [.. curve.Values.Skip(from).Take(to - from + 1)]
            );
            Assert.Equal(
                polynomial.Cumulative(curve.Points[to]) - polynomial.Cumulative(curve.Points[from]),
                between.Mass,
                1e-4
            );
        }
    }
}
