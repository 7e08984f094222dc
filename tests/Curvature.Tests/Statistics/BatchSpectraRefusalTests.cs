using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Curvature.Statistics;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

/// <summary>Batches that leave nothing to chance.</summary>
public sealed class BatchSpectraRefusalTests
{
    [Fact]
    public void A_batch_that_leaves_nothing_to_chance_is_refused()
    {
        var spectra = new BatchSpectra(10, _ => throw new InvalidOperationException("not asked"), TimeProvider.System);
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            spectra.Measure(OperatorKind.Hessian, new BatchSpectrumOptions(10))
        );
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            spectra.Measure(OperatorKind.Hessian, new BatchSpectrumOptions(5) { Batches = 1 })
        );
    }
}
