using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Metrics.Tests.Support;

/// <summary>Metrics in which every family of the catalogue has a value.</summary>
internal static class Scenario
{
    public const string OddRunName = "a \"quoted\" \\ run\nof two lines, ünïcödé {le=\"1.0\"}";

    /// <summary>1000 eigenvalues: 100 at -2, 300 at -0.05, 400 at 0.02, 200 at 5; trace 793.</summary>
    public static SpectralCounts Spectrum { get; } = new([5, 0.02, -0.05, -2], [0.2, 0.4, 0.3, 0.1], 1000);

    public static CurvatureMetrics Full(TimeProvider? clock = null, CurvatureMetricsOptions? options = null)
    {
        var metrics = new CurvatureMetrics(
            options ?? new CurvatureMetricsOptions { Version = "1.2.3", Revision = "abc" },
            clock
        );
        Fill(metrics.StartRun(new RunDescription("first", "lenet", "sgd", "mnist", "f00d")));
        Fill(metrics.StartRun(new RunDescription(OddRunName, "mlp", "adam", "mnist")));
        metrics.AddActor("run");
        metrics.ActorRestarted("curvature");
        metrics.ReportMailboxDepth("curvature", 3);
        metrics.DeadLetter();
        metrics.ReportNative(12, 4096);
        metrics.Cluster.ReportBus("host", connected: true, consumers: 2);
        metrics.Cluster.BusReconnected("host");
        metrics.Cluster.ReportQueue("tickets", 4);
        metrics.Cluster.ReportUnacked("results", 1);
        metrics.Cluster.Redelivered("results");
        metrics.Cluster.ReportWorker("w1", "cpu", up: true, busy: false, DateTimeOffset.UnixEpoch);
        return metrics;
    }

    public static void Fill(RunMetrics run)
    {
        run.ReportTraining(new TrainingSample(400, 0.25, 0.1, 0.9, 128) { GradientNorm = 0.5, Damping = 1e-8 });
        run.ReportAccuracy(0.97);
        run.ReportAnalysis("spectrum", 390);
        run.ReportGradient(
            new GradientSample
            {
                Norm = 0.4,
                Variance = 8,
                VarianceError = 0.1,
                NoiseScale = 50,
                NoiseScaleError = 12,
                WeightNorm = 12,
            }
        );
        run.ReportBatchSharpness(6, 0.2);
        run.ReportAdvice(1e-4, 0.2);
        run.CheckpointEmitted();
        run.CheckpointDropped(DropReason.Superseded);
        run.JobEnded("spectrum", JobOutcome.Ok, TimeSpan.FromSeconds(1.5));
        run.JobFailed("variance", "out_of_memory");
        run.ProductsApplied("hessian", 40);
        run.ReportOverhead(0.08);
        foreach (var name in KnownLabels.Operators)
        {
            run.ReportOperator(
                new OperatorSample(name, 390)
                {
                    LambdaMax = 5,
                    LambdaMaxResidual = 1e-6,
                    LambdaMin = -2,
                    LambdaMinResidual = 2e-6,
                    Eigenvalues = [5, 4, 3],
                    Spectrum = Spectrum,
                    Shape = new SpectrumShape
                    {
                        NegativeEigenvalues = 0.4,
                        NegativeMass = 0.2,
                        DegenerateEigenvalues = 0.7,
                        EffectiveRank = 3,
                        Outliers = 2,
                    },
                }
            );
            run.ReportTrace(
                new TraceSample(name, 793, 5)
                {
                    Frobenius = 70,
                    FrobeniusError = 1,
                    Layers = [("fc.weight", 790), ("fc.bias", 3)],
                }
            );
            run.ReportVariance(
                new VarianceSample(name)
                {
                    Isotropic = 900,
                    IsotropicError = 20,
                    Top = 30,
                    TopError = 0.1,
                    Predicted = [(64, 7), (128, 6)],
                }
            );
            run.ReportTracking(
                new TrackingSample(name)
                {
                    Overlaps = [0.9, 0.8],
                    SubspaceOverlap = 0.85,
                    GradientAlignment = 0.6,
                }
            );
        }
        run.ReportStability(new StabilitySample("full", 20, 0.25, 0.24, 0.26));
        run.SetState(RunState.Finished);
    }
}
