using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.LivePage.History;
using CurvatureMonitor.Reports.Runs;

namespace CurvatureMonitor.LivePage.Tests;

/// <summary>A run with all that a history can hold, and its summary as the interface gives it.</summary>
internal static class FullRun
{
    internal static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    internal const string FullSummary = """
        {"run":"full","model":"lenet","dataset":"mnist","optimizer":"sgd","parameters":44426,
         "state":"finished","start_time":"2026-01-02T12:00:00+00:00",
         "step":2,"loss":1.5,"accuracy":0.75,"learning_rate":0.05,
         "lambda_max":30.5,"stability_limit":40,"stability_ratio":0.7625,"dropped":4}
        """;

    internal static void FillRun(RunHistory history)
    {
        history.Start(
            new RunDescription("full")
            {
                Model = "lenet",
                Dataset = "mnist",
                Optimizer = "sgd",
                Parameters = 44426,
                Started = Noon,
            }
        );
        history.Add(
            new TrainingPoint
            {
                Run = "full",
                Step = 1,
                Time = Noon.AddSeconds(1),
                Loss = 2.25,
                LearningRate = 0.1,
            }
        );
        history.Add(
            new TrainingPoint
            {
                Run = "full",
                Step = 2,
                Time = Noon.AddSeconds(2),
                Loss = 1.5,
                LearningRate = 0.05,
                Accuracy = 0.75,
            }
        );
        history.Add(
            new MeasurementPoint
            {
                Run = "full",
                Step = 2,
                Time = Noon.AddSeconds(3),
                Analysis = "spectrum",
                Operator = "hessian",
                LambdaMax = 30.5,
                LambdaMaxResidual = 0.25,
                LambdaMin = -1.5,
                LambdaMinResidual = 0.125,
                Eigenvalues = [30.5, 12],
                Trace = 80.5,
                Density = new DiscreteDensity([-1.5, 30.5], [0.25, 0.75]),
                Stability = new StabilityReading
                {
                    Limit = 40,
                    Ratio = 0.7625,
                    RatioLow = 0.75,
                    RatioHigh = 0.775,
                },
                Cost = new MeasurementCost(120, 1.25, 5_000_000_000),
                LagSteps = 7,
            }
        );
        history.Add(
            new MeasurementPoint
            {
                Run = "full",
                Step = 2,
                Time = Noon.AddSeconds(4),
                Analysis = "sharpness",
            }
        );
        history.Add(Event(RunEventKind.Dropped, "step 1: dropped"));
        history.Add(Event(RunEventKind.Failed, "no memory"));
        history.Add(Event(RunEventKind.Restarted, "again"));
        history.Add(Event(RunEventKind.State, "finished"));
        history.CountDropped("full", 4);
        history.ChangeState("full", RunState.Finished);
    }

    internal static RunEvent Event(RunEventKind kind, string text) =>
        new()
        {
            Run = "full",
            Time = Noon.AddSeconds(5),
            Kind = kind,
            Text = text,
        };
}
