using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>Chebyshev moments of a density.</summary>
public class ChebyshevMomentTests
{
    [Fact]
    public void The_moments_are_those_that_the_recurrence_with_the_operator_gives_for_the_same_start_vector()
    {
        using var symmetric = Matrices.Operator(Matrices.Named("random"));
        using var start = Vectors.StartFor(symmetric, 9);
        using var decomposition = Lanczos.Run(symmetric, start, new LanczosOptions { Steps = 7 });
        var range = new SpectralRange(-4, 4.5);
        var polynomial = KernelPolynomial.Of(SpectralDensity.From(decomposition), range: range);
        Assert.Equal(13, polynomial.Order);

        // t_{k+1} = 2 Ã t_k − t_{k−1}, μ_k = vᵀt_k: the method as Weiße et al. run it.
        using var previous = start.Clone();
        using var current = start.ZerosLike();
        using var next = start.ZerosLike();
        Normalised(start, current);
        Assert.Equal(1, polynomial.Moments[0], 1e-14);
        for (var k = 1; k <= 13; k++)
        {
            Assert.Equal(start.Dot(current), polynomial.Moments[k], 1e-12);
            Normalised(current, next);
            next.Scale(2);
            next.Add(previous, -1);
            previous.CopyFrom(current);
            current.CopyFrom(next);
        }

        void Normalised(Derivatives.Vector v, Derivatives.Vector result)
        {
            symmetric.Apply(v, result);
            result.Add(v, -range.Center);
            result.Scale(1 / range.HalfWidth);
        }
    }
}
