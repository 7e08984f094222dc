using CurvatureMonitor.Actors;
using CurvatureMonitor.Actors.Requests;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Training;
using CurvatureMonitor.Training.Arguments;
using CurvatureMonitor.Training.Data;
using CurvatureMonitor.Training.Optimizers;
using Microsoft.Extensions.DependencyInjection;

namespace CurvatureMonitor.Bench;

/// <summary>
/// What emitting checkpoints takes from the trainer, as a share of its steps: the snapshot and the message, in a real
/// monitored training.
/// </summary>
internal sealed record EmissionCost(string Model, long Parameters, int BatchSize, Ratio ShareOfStep)
{
    private const string Subject = "lenet";
    private const int Batch = 128;
    private const int Steps = 40;

    internal static async Task<EmissionCost> MeasureAsync(
        TrainTestData data,
        int rounds,
        int threads,
        Action<string> progress
    )
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddMonitorActors(options => options.Threads = threads);
        using var host = builder.Build();
        await host.StartAsync();
        var monitor = host.Services.GetRequiredService<RunMonitor>();
        try
        {
            var shares = new List<double>();
            long parameters = 0;
            for (int round = 0; round <= rounds; round++)
            {
                progress($"round {round} of {rounds}");
                var handle = monitor.StartTraining(Request(data, round));
                var summary = await handle.Completion;
                parameters = handle.Description.Parameters ?? 0;
                if (round > 0)
                {
                    shares.Add(summary.EmittingSeconds / summary.Emitted / (summary.TrainingSeconds / summary.Steps));
                }
            }

            return new EmissionCost(Subject, parameters, Batch, Ratio.Of(shares));
        }
        finally
        {
            await host.StopAsync();
        }
    }

    // Every step emits, and none but the first and the last checkpoint is measured: what is timed is emitting alone.
    private static TrainingRequest Request(TrainTestData data, int round) =>
        new()
        {
            Run = $"emission-{round}",
            Training = new TrainingOptions
            {
                Model = NamedArguments.Parse(Subject, "model"),
                Optimizer = OptimizerOptions.Parse("sgd:learning_rate=0.01"),
                Steps = Steps,
                BatchSize = Batch,
            },
            TrainingData = data.Train,
            ProbeData = data.Train.TakeBalanced(10),
            ProbeMicroBatch = 10,
            CheckpointEvery = 1,
            EvaluateEvery = 0,
            Analyses = [new AnalysisCadence(AnalysisKind.Spectrum, int.MaxValue)],
            Settings = new AnalysisSettings { LanczosSteps = 1 },
        };
}
