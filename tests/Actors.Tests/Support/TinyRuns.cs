using CurvatureMonitor.Actors.Requests;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Training;
using CurvatureMonitor.Training.Arguments;
using CurvatureMonitor.Training.Data;
using CurvatureMonitor.Training.Optimizers;

namespace CurvatureMonitor.Actors.Tests.Support;

/// <summary>Runs small enough that a step takes microseconds: 2×2 images of three classes.</summary>
internal static class TinyRuns
{
    public const string Model = "softmax:input=1,2,2;classes=3";

    /// <summary>Thirty images, a class a corner, with a little noise that is the same every time.</summary>
    public static ImageDataset Data { get; } = MakeData(30);

    public static TrainingRequest Request(
        string run = "tiny",
        long steps = 10,
        string model = Model,
        string optimizer = "sgd:learning_rate=0.1"
    ) =>
        new()
        {
            Run = run,
            Training = new TrainingOptions
            {
                Model = NamedArguments.Parse(model, "model"),
                Optimizer = OptimizerOptions.Parse(optimizer),
                Steps = steps,
                BatchSize = 10,
                Seed = 3,
                ElementType = ElementType.Float32,
            },
            TrainingData = Data,
            TestData = Data,
            ProbeMicroBatch = 16,
            CheckpointEvery = 1,
            Settings = new AnalysisSettings
            {
                LanczosSteps = 8,
                TopEigenvalues = 3,
                Seed = 5,
            },
        };

    /// <summary>Digits of the embedded MNIST: 500 to train on and to probe, 200 to test on.</summary>
    public static TrainingRequest Digits(
        string run,
        long steps,
        string model = "softmax",
        string optimizer = "sgd:learning_rate=0.05"
    )
    {
        var mnist = Mnist.Embedded();
        return Request(run, steps, model, optimizer) with
        {
            Training = Request(run, steps, model, optimizer).Training with { BatchSize = 50 },
            TrainingData = mnist.Train.TakeBalanced(500),
            TestData = mnist.Test.TakeBalanced(200),
            ProbeData = mnist.Train.TakeBalanced(200),
            ProbeMicroBatch = 100,
            CheckpointEvery = 10,
            Settings = new AnalysisSettings
            {
                LanczosSteps = 16,
                TopEigenvalues = 5,
                Seed = 5,
            },
        };
    }

    private static ImageDataset MakeData(int count)
    {
        var images = new float[count * 4];
        var labels = new long[count];
        for (var i = 0; i < count; i++)
        {
            labels[i] = i % 3;
            for (var pixel = 0; pixel < 4; pixel++)
            {
                images[(i * 4) + pixel] = (pixel == labels[i] ? 1f : 0f) + (((i * 7) + (pixel * 3)) % 5 * 0.1f);
            }
        }

        return new ImageDataset("corners", DatasetSplit.Train, 3, [1, 2, 2], images, labels);
    }
}
