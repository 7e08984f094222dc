using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Spectra;
using CurvatureMonitor.Curvature.Tests.Cases;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Spectra;

/// <summary>What the measurement of a spectrum holds.</summary>
[Collection(nameof(Alone))]
public class SpectrumMeasurementTests
{
    private const string Name = "mlp_tanh_49_16_10";

    [Theory]
    [InlineData(OperatorKind.Hessian, 1)]
    [InlineData(OperatorKind.GaussNewton, 1)]
    [InlineData(OperatorKind.Residual, 2)]
    public void A_spectrum_carries_density_eigenvalues_trace_cost_and_provenance(OperatorKind kind, int productsAStep)
    {
        using var reference = new ReferenceCase(Name, ElementType.Float64, microBatch: 100);
        var clock = new StepClock();
        var measured = new CurvatureAnalyzer(reference.Linearization, clock).Spectrum(
            kind,
            new SpectrumOptions
            {
                Steps = 40,
                Seed = 3,
                TopEigenvalues = 5,
            }
        );
        var exact = reference.Eigenvalues(kind);
        var norm = Matrices.NormOf(exact);

        Assert.Equal("spectrum", measured.Analysis);
        Assert.Equal(5, measured.Eigenvalues.Count);
        Assert.Equal(measured.Eigenvalues[0], measured.LambdaMax);
        Assert.Equal(exact[0], measured.LambdaMax!.Value, 1e-6 * norm);
        Assert.All(measured.Eigenvalues, value =>
            Assert.InRange(Matrices.DistanceToNearest(value.Value, exact), 0, value.Error)
        );
        Assert.InRange(Matrices.DistanceToNearest(measured.LambdaMin!.Value, exact), 0, measured.LambdaMin.Error);
        Assert.InRange(Math.Abs(measured.Trace.Value - exact.Sum()), 0, 4 * measured.Trace.Error);
        Assert.Equal(40, measured.Density.Nodes.Count);
        Assert.Equal(reference.Theta.Length, measured.Density.Dimension);
        Assert.False(measured.InvariantSubspace);

        Assert.Equal(40 * productsAStep, measured.Cost.CurvatureProducts);
        Assert.Equal(StepClock.Interval.TotalSeconds, measured.Cost.Seconds, 1e-9);
        Assert.True(measured.Cost.PeakBytes > 0);
        Assert.Equal(
            new Provenance(
                kind,
                40,
                1,
                3,
                false,
                reference.Theta.Length,
                300,
                100,
                BatchNormMode.Eval,
                ElementType.Float64,
                Device.Cpu,
                1
            ),
            measured.Provenance
        );
    }
}
