using CurvatureMonitor.Actors.Requests;
using CurvatureMonitor.Contracts.Errors;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Host.Configuration;
using CurvatureMonitor.Host.Configuration.Rules;
using CurvatureMonitor.Training;
using CurvatureMonitor.Training.Arguments;
using CurvatureMonitor.Training.Data;
using CurvatureMonitor.Training.Optimizers;
using CurvatureMonitor.Training.Schedules;

namespace CurvatureMonitor.Host.Commands;

/// <summary>Makes the training that the options of <c>demo</c> and <c>train</c> come to.</summary>
internal static class TrainingRequests
{
    private const int LargestMicroBatch = 512;

    /// <summary>The training, with a new bundle where it is to be saved.</summary>
    /// <exception cref="TrainingConfigurationException">A training option is wrong.</exception>
    /// <exception cref="UserErrorException">Another option is wrong.</exception>
    /// <exception cref="DatasetException">The data cannot be read.</exception>
    /// <exception cref="DerivativeException">The device is not here.</exception>
    internal static TrainingRequest Create(BoundOptions options)
    {
        var train = options.Get<TrainOptions>();
        var measuring = options.Get<MeasuringOptions>();
        var training = Training(train, options.Get<ComputeOptions>().ParseDevice());
        var data = Mnist.Open(train.DatasetDir);
        var request = new TrainingRequest
        {
            Run = train.Run,
            Training = training,
            TrainingData = data.Train,
            TestData = data.Test,
            ProbeData = Probe(data.Train, options),
            ProbeMicroBatch = Math.Min(LargestMicroBatch, train.ProbeSamples),
            ProbeBatchNorm = Words.One<BatchNormMode>(train.BatchNorm),
            CheckpointEvery = train.CheckpointEvery ?? Math.Max(1, training.Steps / 40),
            Pace = TimeSpan.FromSeconds(train.Pace),
            EvaluateEvery = Math.Max(1, training.Steps / 10),
            Analyses = measuring.CadencesOf(),
            OverheadBudget = measuring.Budget,
            Settings = measuring.Settings(training.Seed),
        };
        request.Validate();
        return train.Save is { } folder ? request with { Store = SavedRun.Create(folder, request) } : request;
    }

    private static TrainingOptions Training(TrainOptions train, Device device)
    {
        var optimizer = OptimizerOptions.Parse(train.Optimizer);
        if (train.LearningRate is { } rate)
        {
            optimizer = optimizer with { LearningRate = rate };
            optimizer.Validate();
        }

        var options = new TrainingOptions
        {
            Model = NamedArguments.Parse(train.Model, "model"),
            Optimizer = optimizer,
            Schedule = LearningRateSchedule.Parse(train.Schedule),
            Steps = train.Steps,
            BatchSize = train.BatchSize,
            Seed = train.Seed,
            Device = device,
        };
        options.Validate();
        return options;
    }

    private static ImageDataset Probe(ImageDataset data, BoundOptions options)
    {
        int samples = options.Get<TrainOptions>().ProbeSamples;
        return samples >= data.Classes && samples <= data.Count
            ? data.TakeBalanced(samples)
            : throw new UserErrorException(
                $"{options.PlaceOf<TrainOptions>(nameof(TrainOptions.ProbeSamples)) ?? "--probe-samples"} {samples}: "
                    + $"give a number from {data.Classes} to {data.Count}"
            );
    }
}
