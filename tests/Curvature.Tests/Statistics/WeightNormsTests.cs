namespace CurvatureMonitor.Curvature.Tests.Statistics;

/// <summary>Norms of weights.</summary>
public class WeightNormsTests
{
    [Fact]
    public void Weight_norms_add_up_over_the_layers()
    {
        using var model = new TinyModel();
        var norms = model.Statistics.WeightNorms(model.Theta);
        var theta = model.Theta.ToArray();
        Assert.Equal(Math.Sqrt(theta.Sum(x => x * x)), norms.Norm.Value, 1e-14);
        Assert.Equal(theta.Max(Math.Abs), norms.Maximum.Value);
        Assert.Equal(Math.Sqrt(theta[..6].Sum(x => x * x)), norms.Layers[0].Estimate.Value, 1e-14);
        Assert.Equal(
            norms.Norm.Value * norms.Norm.Value,
            norms.Layers.Sum(layer => layer.Estimate.Value * layer.Estimate.Value),
            1e-12
        );
    }
}
