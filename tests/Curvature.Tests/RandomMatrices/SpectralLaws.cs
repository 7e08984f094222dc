using CurvatureMonitor.Curvature.RandomMatrices;
using MathNet.Numerics.Integration;

namespace CurvatureMonitor.Curvature.Tests.RandomMatrices;

/// <summary>The laws to test.</summary>
internal static class SpectralLaws
{
    public static readonly ISpectralLaw[] Laws =
    [
        new WignerSemicircle(),
        new WignerSemicircle(2.5),
        new WignerSemicircle(0.01),
        new MarchenkoPastur(0.5),
        new MarchenkoPastur(2),
        new MarchenkoPastur(1),
        new MarchenkoPastur(0.01, 3),
        new MarchenkoPastur(40, 0.2),
        new MarchenkoPastur(0.99),
    ];

    public static TheoryData<int> Every => [.. Enumerable.Range(0, Laws.Length)];

    // Over the angle of x = c − d cos φ, in which the roots at the edges are smooth; 400 midpoints are exact to
    // rounding but for poles near the edges.
    public static double Integral(ISpectralLaw law, Func<double, double> function, double end)
    {
        var (center, half) = ((law.UpperEdge + law.LowerEdge) / 2, (law.UpperEdge - law.LowerEdge) / 2);
        var angle = Math.Acos(Math.Clamp((center - end) / half, -1, 1));
        return GaussLegendreRule.Integrate(
            phi =>
            {
                var x = center - (half * Math.Cos(phi));
                return law.Density(x) * function(x) * half * Math.Sin(phi);
            },
            0,
            angle,
            256
        );
    }
}
