using System.Text.Json;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.LivePage.History;
using CurvatureMonitor.Reports.Runs;

namespace CurvatureMonitor.Page.Tests;

/// <summary>Runs to show.</summary>
internal static class Runs
{
    private static readonly DateTimeOffset Began = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>
    /// What a monitor answered about a real training: a perceptron on MNIST's digits, measured at fifty checkpoints.
    /// </summary>
    private static string Recorded { get; } =
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Recorded", "digits.json"));

    /// <summary>A history with the recorded run.</summary>
    internal static RunHistory WithRecorded()
    {
        var document = JsonSerializer.Deserialize<RunDocument>(Recorded, ReportJson.Options)!;
        var history = new RunHistory();
        var run = document.Run;
        history.Start(
            new RunDescription(run.Run, run.Model ?? "", run.Optimizer ?? "", run.Dataset ?? "")
            {
                Parameters = run.Parameters,
                Started = run.StartTime,
            }
        );
        foreach (var point in document.Training)
        {
            history.Add(point with { Run = run.Run });
        }

        foreach (var measurement in document.Measurements)
        {
            history.Add(measurement);
        }

        foreach (var item in document.Events)
        {
            history.Add(item with { Run = run.Run });
        }

        history.ChangeState(run.Run, run.State);
        return history;
    }

    /// <summary>A history with one run at one measured step.</summary>
    internal static RunHistory With(string run, long step = 10, double ratio = 0.25)
    {
        var history = new RunHistory();
        Start(history, run, step, ratio);
        return history;
    }

    internal static void Start(RunHistory history, string run, long step, double ratio, int hour = 0)
    {
        history.Start(new RunDescription(run, "lenet", "sgd") { Started = Began.AddHours(hour) });
        Advance(history, run, step, ratio);
    }

    /// <summary>The modules of a measured step.</summary>
    internal static void AddModules(RunHistory history, string run, long step, double sharpness) =>
        history.Add(
            new MeasurementPoint
            {
                Run = run,
                Step = step,
                Time = Began.AddSeconds(step),
                Analysis = "modules",
                Operator = "hessian",
                Modules = new Dictionary<string, ModuleReading>
                {
                    ["layer1.*"] = new()
                    {
                        Parameters = 1234,
                        LambdaMax = sharpness,
                        LambdaMaxResidual = 0.5,
                        Trace = 80,
                        TraceStderr = 2.5,
                    },
                    ["<b>head</b>"] = new() { Parameters = 10, LambdaMax = 1.5 },
                },
                ModulesLeftOut = 3,
            }
        );

    /// <summary>A training step that was measured, with the limit at 20.</summary>
    internal static void Advance(RunHistory history, string run, long step, double ratio)
    {
        history.Add(
            new TrainingPoint
            {
                Run = run,
                Step = step,
                Time = Began.AddSeconds(step),
                Loss = 2 - (0.001 * step),
                LearningRate = 0.1,
            }
        );
        history.Add(
            new MeasurementPoint
            {
                Run = run,
                Step = step,
                Time = Began.AddSeconds(step),
                Analysis = "spectrum",
                Operator = "hessian",
                LambdaMax = 20 * ratio,
                LambdaMaxResidual = 0.1,
                LambdaMin = -1,
                Eigenvalues = [20 * ratio, 10 * ratio, 5 * ratio],
                Density = new DiscreteDensity(
                    [-1, 0, 5 * ratio, 10 * ratio, 20 * ratio],
                    [0.05, 0.9, 0.03, 0.015, 0.005]
                ),
                Stability = new StabilityReading
                {
                    Limit = 20,
                    Ratio = ratio,
                    RatioLow = ratio - 0.01,
                    RatioHigh = ratio + 0.01,
                },
                Cost = new MeasurementCost(10, 0.25, 1 << 20),
                LagSteps = 2,
            }
        );
    }
}
