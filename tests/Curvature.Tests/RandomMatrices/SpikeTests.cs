using CurvatureMonitor.Curvature.RandomMatrices;

namespace CurvatureMonitor.Curvature.Tests.RandomMatrices;

/// <summary>Spikes beside the laws.</summary>
public class SpikeTests
{
    [Theory]
    [MemberData(nameof(SpectralLaws.Every), MemberType = typeof(SpectralLaws))]
    public void A_spike_is_found_where_the_stieltjes_transform_is_its_inverse(int index)
    {
        // G(z) = 1/s at the location z of an outlier (Benaych-Georges and Nadakuditi 2011), with G by quadrature:
        // another road than the R-transform.
        var law = SpectralLaws.Laws[index];
        var atom = law is MarchenkoPastur { Ratio: > 1 } pastur ? 1 - (1 / pastur.Ratio) : 0;
        var width = law.UpperEdge - law.LowerEdge;
        foreach (var spike in new[] { 20 * width, 3 * width, 1.2 * law.UpperEdge, -3 * width, -20 * width })
        {
            var z = law.SpikeLocation(spike);
            Assert.True(spike > 0 ? z > law.UpperEdge : z < law.LowerEdge, $"{spike} went to {z}");
            Assert.Equal(1, spike * ((atom / z) + SpectralLaws.Integral(law, x => 1 / (z - x), law.UpperEdge)), 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(SpectralLaws.Every), MemberType = typeof(SpectralLaws))]
    public void Below_the_threshold_a_spike_leaves_the_edge_where_it_is_and_beyond_it_departs_continuously(int index)
    {
        var law = SpectralLaws.Laws[index];
        var threshold = law is MarchenkoPastur pastur
            ? pastur.Variance * (pastur.Ratio + Math.Sqrt(pastur.Ratio))
            : ((WignerSemicircle)law).Scale;
        Assert.Equal(law.UpperEdge, law.SpikeLocation(0.9 * threshold));
        Assert.Equal(law.UpperEdge, law.SpikeLocation(threshold * (1 + 1e-6)), 1e-9 * law.UpperEdge);
        Assert.True(law.SpikeLocation(1.1 * threshold) > law.UpperEdge);
    }
}
