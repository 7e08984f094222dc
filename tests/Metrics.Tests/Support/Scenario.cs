namespace CurvatureMonitor.Metrics.Tests.Support;

/// <summary>Metrics in which every family of the catalogue has a value.</summary>
internal static class Scenario
{
    public const string OddRunName = "a \"quoted\" \\ run\nof two lines, ünïcödé {le=\"1.0\"}";

    /// <summary>1000 eigenvalues: 100 at -2, 300 at -0.05, 400 at 0.02, 200 at 5; trace 793.</summary>
    public static SpectralCounts Spectrum { get; } = new([5, 0.02, -0.05, -2], [0.2, 0.4, 0.3, 0.1], 1000);

    public static CurvatureMetrics Full(TimeProvider? clock = null, CurvatureMetricsOptions? options = null)
    {
        var metrics = new CurvatureMetrics(options ?? new CurvatureMetricsOptions { Version = "1.2.3", Revision = "abc" }, clock);
        Fill(metrics.StartRun(new RunDescription("first", "lenet", "sgd", "mnist", "f00d")));
        Fill(metrics.StartRun(new RunDescription(OddRunName, "mlp", "adam", "mnist")));
        metrics.AddActor("run");
        metrics.ActorRestarted("curvature");
        metrics.ReportMailboxDepth("curvature", 3);
        metrics.DeadLetter();
        metrics.ReportNative(12, 4096);
        return metrics;
    }

    public static void Fill(RunMetrics run)
    {
        run.ReportTraining(new TrainingSample(400, 0.25, 0.1, 0.9, 128));
        run.ReportAccuracy(0.97);
        run.ReportGradientNorm(0.5);
        run.CheckpointEmitted();
        run.CheckpointDropped(DropReason.Superseded);
        run.JobEnded("spectrum", JobOutcome.Ok, TimeSpan.FromSeconds(1.5));
        run.ProductsApplied("hessian", 40);
        run.ReportOverhead(0.08);
        foreach (var name in KnownLabels.Operators)
        {
            run.ReportOperator(new OperatorSample(name, 390)
            {
                LambdaMax = 5,
                LambdaMaxResidual = 1e-6,
                LambdaMin = -2,
                LambdaMinResidual = 2e-6,
                Eigenvalues = [5, 4, 3],
                Spectrum = Spectrum,
            });
        }
        run.ReportStability(new StabilitySample("full", 20, 0.25, 0.24, 0.26));
        run.SetState(RunState.Finished);
    }
}
