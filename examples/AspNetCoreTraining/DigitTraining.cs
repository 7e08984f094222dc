using CurvatureMonitor.Actors;
using CurvatureMonitor.Actors.Requests;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Training;
using CurvatureMonitor.Training.Arguments;
using CurvatureMonitor.Training.Data;
using CurvatureMonitor.Training.Optimizers;

namespace AspNetCoreTraining;

/// <summary>Trains a small network on handwritten digits in the background, as soon as the program runs.</summary>
/// <param name="monitor">Starts the training and measures its curvature.</param>
/// <param name="logger">Learns how it ended.</param>
public sealed partial class DigitTraining(RunMonitor monitor, ILogger<DigitTraining> logger) : BackgroundService
{
    private volatile RunSummary? _summary;

    /// <summary>The name under which page and metrics show the training.</summary>
    public const string Run = "digits";

    /// <summary>What the program itself tells of its training.</summary>
    public TrainingStatus Status() =>
        _summary is { } summary
            ? new(Run, summary.Outcome.ToString(), summary.FinalAccuracy)
            : new(Run, "Training", Accuracy: null);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var data = Mnist.Embedded();
        var run = monitor.StartTraining(
            new TrainingRequest
            {
                Run = Run,
                Training = new TrainingOptions
                {
                    Model = NamedArguments.Parse("mlp:hidden=32", "model"),
                    Optimizer = OptimizerOptions.Parse("sgd:learning_rate=0.1"),
                    Steps = 2000,
                    BatchSize = 64,
                    Seed = 1,
                },
                TrainingData = data.Train,
                TestData = data.Test,
                ProbeData = data.Train.TakeBalanced(500),
                Analyses = [new(AnalysisKind.Spectrum), new(AnalysisKind.Gradient, Every: 2)],

                // Slow enough to be watched.
                Pace = TimeSpan.FromMilliseconds(50),
            }
        );
        _summary = await run.Completion.WaitAsync(stoppingToken);
        Ended(logger, _summary.Outcome, _summary.FinalAccuracy);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The training ended: {Outcome}, accuracy {Accuracy}")]
    private static partial void Ended(ILogger logger, RunOutcome outcome, double? accuracy);
}

/// <summary>The answer of <c>GET /training</c>.</summary>
/// <param name="Run">The run's name.</param>
/// <param name="State">Whether it trains, or how it ended.</param>
/// <param name="Accuracy">The accuracy on the test data at its end.</param>
public sealed record TrainingStatus(string Run, string State, double? Accuracy);
