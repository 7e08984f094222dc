using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Tests.Cases;
using CurvatureMonitor.Curvature.Tests.Support;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>Measurements give back what they took.</summary>
[Collection(nameof(Alone))]
public class AnalyzerResourcesTests
{
    private const string Name = "mlp_tanh_49_16_10";

    [Fact]
    public void Failed_cancelled_and_finished_measurements_leave_no_native_object_behind()
    {
        using var reference = new ReferenceCase(Name, ElementType.Float64);
        var analyzer = new CurvatureAnalyzer(reference.Linearization, new StepClock());
        var failing = new FailingProgress();
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        var before = TorchRuntime.LiveObjects;
        foreach (var kind in OperatorNames.All)
        {
            analyzer.Spectrum(kind, new SpectrumOptions { Steps = 5 });
            analyzer.Sharpness(kind, new ExtremalOptions { MaximumSteps = 5 });
            Assert.Throws<InvalidOperationException>(() =>
                analyzer.Spectrum(kind, new SpectrumOptions { Steps = 5 }, failing)
            );
            Assert.Throws<InvalidOperationException>(() => analyzer.Sharpness(kind, progress: failing));
            Assert.Throws<OperationCanceledException>(() =>
                analyzer.Spectrum(kind, cancellationToken: cancelled.Token)
            );
            using (var warm = new WarmStart())
            {
                analyzer.Sharpness(kind, new ExtremalOptions { MaximumSteps = 5 }, warm);
                analyzer.Sharpness(kind, new ExtremalOptions { MaximumSteps = 5 }, warm);
                Assert.Throws<OperationCanceledException>(() =>
                    analyzer.Sharpness(kind, warm: warm, cancellationToken: cancelled.Token)
                );
            }

            Assert.Equal(before, TorchRuntime.LiveObjects);
        }
    }
}
