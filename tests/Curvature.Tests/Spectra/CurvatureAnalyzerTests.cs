using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Tests.Cases;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>Measured spectra: seeds and probes, and a residual of zero.</summary>
[Collection(nameof(Alone))]
public class CurvatureAnalyzerTests
{
    private const string Name = "mlp_tanh_49_16_10";

    [Fact]
    public void The_same_seed_gives_the_same_spectrum_and_probes_are_averaged()
    {
        using var reference = new ReferenceCase(Name, ElementType.Float64);
        var analyzer = new CurvatureAnalyzer(reference.Linearization, new StepClock());
        var options = new SpectrumOptions { Steps = 10, Seed = 3 };
        var first = analyzer.Spectrum(OperatorKind.Hessian, options);
        var again = analyzer.Spectrum(OperatorKind.Hessian, options);
        var averaged = analyzer.Spectrum(OperatorKind.Hessian, options with { Probes = 4 });
        var other = analyzer.Spectrum(OperatorKind.Hessian, options with { Seed = 4 });
        Assert.Equal(first.Density.Nodes, again.Density.Nodes);
        Assert.Equal(first.Density.Weights, again.Density.Weights);
        Assert.NotEqual(first.Density.Nodes, other.Density.Nodes);
        Assert.Equal(40, averaged.Density.Nodes.Count);
        Assert.Equal(40, averaged.Cost.CurvatureProducts);
        Assert.Equal(1, averaged.Density.Weights.Sum(), 1e-14);
        Assert.True(averaged.LambdaMax!.Value >= first.LambdaMax!.Value);

        // What the weights' distribution predicts, and a quarter of that prediction's own relative error more.
        var size = averaged.Density.Dimension;
        double[] moments = [.. Enumerable.Range(0, 5).Select(averaged.Density.Moment)];
        var mean = moments[1];
        var variance = moments[2] - (mean * mean);
        var fourth = moments[4] - (4 * mean * moments[3]) + (6 * mean * mean * moments[2]) - (3 * Math.Pow(mean, 4));
        var share = 2.0 / (size + 2) / 4;
        var relative = Math.Sqrt(share * (fourth - (variance * variance))) / variance;
        Assert.Equal(size * Math.Sqrt(share * variance) * (1 + (relative / 4)), averaged.Trace.Error, 1e-10);
    }

    [Fact]
    public void A_linear_model_has_a_residual_of_zero_and_one_step_says_so()
    {
        using var reference = new ReferenceCase("softmax_49_10", ElementType.Float64);
        var analyzer = new CurvatureAnalyzer(reference.Linearization, new StepClock());
        var measured = analyzer.Spectrum(OperatorKind.Residual);
        Assert.True(measured.InvariantSubspace);
        Assert.Equal(1, measured.Provenance.Steps);
        Assert.Equal(0, measured.LambdaMax!.Value, 1e-15);
        Assert.InRange(Math.Abs(measured.LambdaMax.Value), 0, measured.LambdaMax.Error);
        Assert.Equal(0, measured.Trace.Value, 1e-12);
    }
}
