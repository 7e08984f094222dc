using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Tests.Cases;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>Options and costs of measurements.</summary>
[Collection(nameof(Alone))]
public class AnalyzerOptionsTests
{
    [Fact]
    public void Options_that_ask_for_nothing_are_refused()
    {
        using var reference = new ReferenceCase("softmax_49_10", ElementType.Float32);
        var analyzer = new CurvatureAnalyzer(reference.Linearization, new StepClock());
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            analyzer.Spectrum(OperatorKind.Hessian, new SpectrumOptions { Steps = 0 })
        );
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            analyzer.Spectrum(OperatorKind.Hessian, new SpectrumOptions { Probes = 0 })
        );
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            analyzer.Spectrum(OperatorKind.Hessian, new SpectrumOptions { TopEigenvalues = 0 })
        );
    }

    [Fact]
    public void Costs_add_up_and_peaks_do_not()
    {
        var sum = new MeasurementCost(3, 0.5, 100) + new MeasurementCost(4, 0.25, 70);
        Assert.Equal(new MeasurementCost(7, 0.75, 100), sum);
    }
}
