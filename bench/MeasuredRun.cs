using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Metrics;

namespace CurvatureMonitor.Bench;

/// <summary>A run of which everything was measured once, of three operators.</summary>
internal static class MeasuredRun
{
    private static readonly double[] Nodes = [.. Enumerable.Range(0, 100).Select(i => Math.Pow(10, (i - 60) / 15.0))];

    private static readonly MeasurementCost Cost = new(100, 1.5, 1_000_000);

    private static readonly int[] BatchSizes = [32, 64, 128, 256, 512];

    internal static void Fill(RunMetrics run)
    {
        var step = new TrainingStep(1234, 3, 0.123456789, 0.1, 1.23456789, 128);
        run.Apply(new TrainingProgressed(run.Name, default, step, new Evaluation(0.2, 0.97)));
        run.Apply(new CheckpointTaken(run.Name, default, 1230, Final: false));
        var limit = new StabilityLimit(StabilityKind.Full, 20);
        run.Apply(
            Measured(run.Name, AnalysisKind.Spectrum, Spectrum) with
            {
                Limits = [limit],
                Stability = new StabilityRatio(limit, 0.25, 0.24, 0.26),
            }
        );
        run.Apply(Measured(run.Name, AnalysisKind.Trace, Trace));
        run.Apply(
            Measured(run.Name, AnalysisKind.Variance, Variance) with
            {
                Outlook = new MiniBatchOutlook(
                    [.. OperatorNames.All.SelectMany(kind => BatchSizes.Select(Predicted(kind)))],
                    1e-4,
                    0.2
                ),
            }
        );
        run.Apply(Measured(run.Name, AnalysisKind.Tracking, Tracking));
        run.Apply(
            Measured(run.Name, AnalysisKind.Gradient) with
            {
                Gradient = new GradientMeasurement(
                    new Estimate(0.4567, 0),
                    new Estimate(0.1, 0),
                    new Estimate(8.9, 0.1),
                    new Estimate(51.2, 9.8),
                    VarianceForm.PerSample,
                    1,
                    Cost
                ),
                Weights = new WeightNorms(new Estimate(12.3, 0), new Estimate(1, 0), []),
            }
        );
    }

    private static CheckpointMeasured Measured(
        string run,
        AnalysisKind analysis,
        Func<OperatorKind, Measurement>? measure = null
    ) =>
        new(
            run,
            default,
            1230,
            analysis,
            measure is null ? [] : [.. OperatorNames.All.Select(measure)],
            [],
            null,
            measure is null ? Cost : Cost + Cost + Cost,
            0,
            0.08
        );

    private static Func<int, BatchPrediction> Predicted(OperatorKind kind) =>
        size => new BatchPrediction(kind, size, new Estimate(7.1 / size, 0.1));

    private static SpectrumMeasurement Spectrum(OperatorKind kind) =>
        new(
            SpectralDensity.Create(Nodes, [.. Nodes.Select(_ => 1.0 / Nodes.Length)], 1_000_000),
            [.. Nodes.Reverse().Take(20).Select(node => new Estimate(node, 1.2345e-4))],
            new Estimate(Nodes[0], 2.3456e-5),
            new Estimate(793.21, 5.1),
            false,
            Made(kind),
            Cost
        )
        {
            Shape = new SpectrumShape
            {
                NegativeEigenvalues = 0.4,
                NegativeMass = 0.2,
                RankDegeneracy = 0.7,
                RankParticipation = 3.21,
                OutliersAbove = [.. Nodes.TakeLast(9)],
            },
        };

    private static TraceMeasurement Trace(OperatorKind kind) =>
        new(
            new Estimate(793.21, 5.1),
            new Estimate(70.1, 1.2),
            [
                .. Enumerable
                    .Range(0, 20)
                    .Select(i => new LayerEstimate($"layer{i}.weight", 100, new Estimate(i * 1.2345, 0.1))),
            ],
            0,
            false,
            Made(kind),
            Cost
        );

    private static VarianceMeasurement Variance(OperatorKind kind) =>
        new(new Estimate(900.1, 20.2), [new Estimate(30.3, 0.4)], VarianceForm.PerSample, 1, false, Made(kind), Cost);

    private static TrackingMeasurement Tracking(OperatorKind kind) =>
        new(
            [],
            [
                [0.91, 0, 0, 0],
                [0, 0.82, 0, 0],
                [0, 0, 0.73, 0],
                [0, 0, 0, 0.64],
            ],
            new Estimate(0.85, 0),
            new Estimate(0.61, 0),
            [],
            Made(kind),
            Cost
        );

    private static Provenance Made(OperatorKind kind) =>
        new(kind, 100, 1, 0, false, 1_000_000, 1000, 100, BatchNormMode.Train, ElementType.Float32, Device.Cpu, 1);
}
