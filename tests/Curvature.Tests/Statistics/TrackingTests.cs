using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

/// <summary>Earlier and current eigenvectors beside the gradient.</summary>
public class TrackingTests
{
    [Fact]
    public void Tracking_ties_the_earlier_vectors_the_current_ones_and_the_gradient_together()
    {
        using var model = new TinyModel();
        var statistics = model.Statistics;
        using var top = ExtremalEigenpairs.Find(
            new HessianOperator(model.Linearization),
            new ExtremalOptions
            {
                Top = 2,
                Bottom = 0,
                Tolerance = 1e-10,
            }
        );
        using var earlier = Vectors.Random(model.ParameterCount, 9);
        var tracked = statistics.Track(OperatorKind.Hessian, [top.TopVectors[0], earlier], top.TopVectors);
        Assert.Equal(top.Top[0].Value, tracked.Curvature[0].Value, 1e-8);
        Assert.Equal(1, tracked.Overlap[0][0], 1e-8);
        Assert.Equal(0, tracked.Overlap[0][1], 1e-8);
        Assert.InRange(tracked.SubspaceOverlap!.Value, 0.5, 1);
        Assert.Equal(tracked.GradientAlignment!.Value, tracked.GradientAlignments.Sum(), 1e-8);
        Assert.Equal(2, tracked.Cost.CurvatureProducts);
        Assert.Equal("tracking", tracked.Analysis);
    }
}
