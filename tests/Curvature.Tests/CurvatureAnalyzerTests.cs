using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Cases;
using CurvatureMonitor.Curvature.Tests.Support;
using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Curvature.Tests;

/// <summary>Counts native objects of the whole process, so nothing may run beside it.</summary>
[CollectionDefinition(nameof(CurvatureAnalyzerTests), DisableParallelization = true)]
public sealed class Alone;

[Collection(nameof(CurvatureAnalyzerTests))]
public class CurvatureAnalyzerTests
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

    [Fact]
    public void Sharpness_is_right_cold_and_cheaper_warm()
    {
        using var reference = new ReferenceCase(Name, ElementType.Float32);
        using var moved = reference.Theta.Clone();
        using var step = Vectors.Random(moved.Length, 8, ElementType.Float32);
        moved.Add(step, 1e-2 * moved.Norm());
        using var next = new Linearization(reference.Objective, moved);
        using var warm = new WarmStart();
        var options = new ExtremalOptions { Tolerance = 0.05 };
        var clock = new StepClock();
        var first = new CurvatureAnalyzer(reference.Linearization, clock).Sharpness(
            OperatorKind.Hessian,
            options,
            warm
        );
        var cold = new CurvatureAnalyzer(next, clock).Sharpness(OperatorKind.Hessian, options);
        var second = new CurvatureAnalyzer(next, clock).Sharpness(OperatorKind.Hessian, options, warm);
        var exact = reference.Eigenvalues(OperatorKind.Hessian);
        Assert.Equal("sharpness", first.Analysis);
        Assert.True(first.Converged && cold.Converged && second.Converged);
        Assert.Equal(exact[0], first.LambdaMax!.Value, first.LambdaMax.Error);
        Assert.InRange(Matrices.DistanceToNearest(first.LambdaMin!.Value, exact), 0, first.LambdaMin.Error);
        Assert.Equal(
            [false, false, true],
            new[] { first, cold, second }.Select(result => result.Provenance.WarmStarted)
        );
        Assert.True(
            2 * second.Cost.CurvatureProducts <= cold.Cost.CurvatureProducts,
            $"warm {second.Cost}, cold {cold.Cost}"
        );
        Assert.Equal(cold.LambdaMax!.Value, second.LambdaMax!.Value, cold.LambdaMax.Error + second.LambdaMax.Error);
    }

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

    /// <summary>A clock that moves on by the same time whenever it is looked at.</summary>
    private sealed class StepClock : TimeProvider
    {
        internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
        private long _looks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interval.Ticks * _looks++;
    }

    private sealed class FailingProgress : IProgress<LanczosProgress>
    {
        public void Report(LanczosProgress value)
        {
            if (value.Step == 3)
            {
                throw new InvalidOperationException("in the middle");
            }
        }
    }
}
