using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Metrics.Tests.Support;

/// <summary>Events, and metrics in which every family of the catalogue has a value.</summary>
internal static class Scenario
{
    public const string OddRunName = "a \"quoted\" \\ run\nof two lines, ünïcödé {le=\"1.0\"}";

    public static readonly DateTimeOffset Time = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>1000 eigenvalues: 100 at -2, 300 at -0.05, 400 at 0.02, 200 at 5; trace 793.</summary>
    public static SpectralDensity Density { get; } =
        SpectralDensity.Create([5, 0.02, -0.05, -2], [0.2, 0.4, 0.3, 0.1], 1000);

    public static CurvatureMetrics Full(TimeProvider? clock = null, CurvatureMetricsOptions? options = null)
    {
        var metrics = new CurvatureMetrics(
            options ?? new CurvatureMetricsOptions { Version = "1.2.3", Revision = "abc" },
            clock
        );
        Fill(metrics.StartRun(Described(new RunDescription("first", "lenet", "sgd", "mnist", "f00d"))));
        Fill(metrics.StartRun(Described(new RunDescription(OddRunName, "mlp", "adam", "mnist"))));
        metrics.AddActor("run");
        metrics.ActorRestarted("curvature");
        metrics.ReportMailboxDepth("curvature", 3);
        metrics.DeadLetter();
        metrics.ReportNative(12, 4096);
        metrics.Cluster.Begin(["disassociated"]);
        metrics.Cluster.ReportJoined(true);
        metrics.Cluster.ReportCertificate(DateTimeOffset.UnixEpoch.AddDays(20000));
        metrics.Cluster.ReportMembers("worker", up: 2, unreachable: 1);
        metrics.Cluster.ReportAnswersKept(1);
        metrics.Cluster.Assigned();
        metrics.Cluster.Lost("disassociated");
        metrics.Cluster.Reassigned(TimeSpan.FromSeconds(0.1));
        metrics.Cluster.ReportWorker("w1", "cpu", up: true, busy: false, DateTimeOffset.UnixEpoch);
        return metrics;
    }

    /// <summary>Reports everything that there is to report, and ends the run.</summary>
    public static void Fill(RunMetrics run)
    {
        run.Apply(new TrainingReported(run.Name, Time, 399, 0.25, 0.1, 32) { Difference = 0.125 });
        run.Apply(Progressed(400, 0.25) with { Evaluation = new Evaluation(0.3, 0.97) });
        run.Apply(new CheckpointTaken("r", Time, 390, Final: false));
        run.Apply(new CheckpointDropped("r", Time, 395, DropReason.Superseded));
        run.Apply(
            new AnalysisFailed(
                "r",
                Time,
                390,
                AnalysisKind.Variance,
                JobFailureReason.OutOfMemory,
                "out of memory",
                1.5,
                1,
                0.08
            )
        );
        run.Apply(
            Measured(390, AnalysisKind.Spectrum, [.. OperatorNames.All.Select(kind => Spectrum(kind))]) with
            {
                Limits = [new StabilityLimit(StabilityKind.Full, 20)],
                Stability = new StabilityRatio(new StabilityLimit(StabilityKind.Full, 20), 0.25, 0.24, 0.26),
            }
        );
        run.Apply(Measured(390, AnalysisKind.Trace, [.. OperatorNames.All.Select(Trace)]));
        run.Apply(
            Measured(390, AnalysisKind.Variance, [.. OperatorNames.All.Select(Variance)]) with
            {
                Outlook = new MiniBatchOutlook(
                    [
                        .. OperatorNames.All.SelectMany(kind =>
                            new[]
                            {
                                new BatchPrediction(kind, 64, new Estimate(7, 1)),
                                new BatchPrediction(kind, 128, new Estimate(6, 1)),
                            }
                        ),
                    ],
                    MinimumDamping: 1e-4,
                    LargestLearningRate: 0.2
                ),
            }
        );
        run.Apply(
            Measured(
                390,
                AnalysisKind.Modules,
                [.. OperatorNames.All.Select(kind => Modules(kind, "fc1", "*.attention[0]"))]
            )
        );
        run.Apply(Measured(390, AnalysisKind.Tracking, [.. OperatorNames.All.Select(Tracking)]));
        run.Apply(
            Measured(
                390,
                AnalysisKind.BatchSharpness,
                new BatchSharpnessMeasurement(new Estimate(6, 0.2), 128, 4, Made(OperatorKind.Hessian), Cost)
            )
        );
        run.Apply(
            Measured(390, AnalysisKind.Gradient) with
            {
                Gradient = new GradientMeasurement(
                    new Estimate(0.4, 0),
                    new Estimate(0.1, 0),
                    new Estimate(8, 0.1),
                    new Estimate(50, 12),
                    VarianceForm.PerSample,
                    1,
                    Cost
                ),
                Weights = new WeightNorms(new Estimate(12, 0), new Estimate(2, 0), []),
            }
        );
        run.SetState(RunState.Finished);
    }

    /// <summary>A run with momentum and damping.</summary>
    public static RunDescription Described(RunDescription run) =>
        run with
        {
            Momentum = 0.9,
            Damping = 1e-8,
            Loss = "cross_entropy(ignore_index=0)",
            BatchNorm = "eval",
            Trained = "2 of 6 tensors: head.weight, head.bias",
        };

    public static TrainingProgressed Progressed(long step, double loss) =>
        new("r", Time, new TrainingStep(step, 0, loss, 0.1, 0.5, 128), null);

    /// <summary>A result whose cost is that of its measurements.</summary>
    public static CheckpointMeasured Measured(
        long step,
        AnalysisKind analysis,
        params IReadOnlyList<Measurement> measurements
    ) =>
        new(
            "r",
            Time,
            step,
            analysis,
            measurements,
            [],
            null,
            measurements.Aggregate(MeasurementCost.None, (sum, measurement) => sum + measurement.Cost),
            0,
            0.08
        );

    public static SpectrumMeasurement Spectrum(OperatorKind kind, params double[] eigenvalues) =>
        new(
            Density,
            [.. (eigenvalues is [] ? [5, 4, 3] : eigenvalues).Select(value => new Estimate(value, 1e-6))],
            new Estimate(-2, 2e-6),
            new Estimate(793, 5),
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
                RankParticipation = 3,
                OutliersAbove = [5],
                OutliersBelow = [-2],
            },
        };

    public static SharpnessMeasurement Sharpness(OperatorKind kind, double largest, double? smallest = null) =>
        new(
            [new Estimate(largest, 0.1)],
            smallest is { } value ? [new Estimate(value, 0.1)] : [],
            true,
            Made(kind),
            Cost
        );

    public static Provenance Made(OperatorKind kind) =>
        new(kind, 20, 1, 0, false, 1000, 30, 30, BatchNormMode.Train, ElementType.Float32, Device.Cpu, 1);

    public static MeasurementCost Cost { get; } = new(40, 1.5, 1000);

    /// <summary>Modules with the sharpness 1, 2, … and ten times as large a trace.</summary>
    public static ModulesMeasurement Modules(OperatorKind kind, params string[] names) =>
        new(
            [
                .. names.Select(
                    (name, i) =>
                        new ModuleCurvature(name, 500, new Estimate(i + 1, 0.25), new Estimate(10 * (i + 1), 2))
                ),
            ],
            2,
            true,
            false,
            Made(kind),
            Cost
        );

    private static TraceMeasurement Trace(OperatorKind kind) =>
        new(
            new Estimate(793, 5),
            new Estimate(70, 1),
            [
                new LayerEstimate("fc.weight", 990, new Estimate(790, 5)),
                new LayerEstimate("fc.bias", 10, new Estimate(3, 1)),
            ],
            0,
            false,
            Made(kind),
            Cost
        );

    private static VarianceMeasurement Variance(OperatorKind kind) =>
        new(new Estimate(900, 20), [new Estimate(30, 0.1)], VarianceForm.PerSample, 1, false, Made(kind), Cost);

    private static TrackingMeasurement Tracking(OperatorKind kind) =>
        new(
            [],
            [
                [0.9, 0],
                [0, 0.8],
            ],
            new Estimate(0.85, 0),
            new Estimate(0.6, 0),
            [],
            Made(kind),
            Cost
        );
}
