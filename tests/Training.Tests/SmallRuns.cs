using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Training.Arguments;
using CurvatureMonitor.Training.Optimizers;
using CurvatureMonitor.Training.Tests.Models;

namespace CurvatureMonitor.Training.Tests;

/// <summary>Small runs.</summary>
internal static class SmallRuns
{
    public const string TinyCnn = "cnn-bn:input=1,8,8;channels=3,4;classes=5";

    public static TrainingOptions Options(string model, string optimizer, long steps, int batch) =>
        new()
        {
            Model = NamedArguments.Parse(model, "model"),
            Optimizer = OptimizerOptions.Parse(optimizer),
            Steps = steps,
            BatchSize = batch,
            ElementType = ElementType.Float64,
        };

    public static (double[] Losses, double[] Parameters) Train(TrainingOptions options)
    {
        using var samples = new SyntheticData(50, [1, 8, 8], 5, 1).Samples(options.ElementType);
        using var run = new TrainingRun(options, samples);
        var losses = new List<double>();
        while (!run.IsFinished)
        {
            losses.Add(run.Step().Loss);
        }

        return ([.. losses], run.Parameters.ToArray());
    }
}
