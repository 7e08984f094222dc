using CurvatureMonitor.Training.RandomNumbers;

namespace CurvatureMonitor.Training.Tests.Optimizers;

/// <summary>Random parameters and gradients.</summary>
internal static class RandomProblems
{
    public const int Entries = 7;

    public const int Steps = 5;

    public static (double[] Start, double[][] Gradients) RandomProblem()
    {
        var random = new Xoshiro256(17);
        double[] Draw() => [.. Enumerable.Range(0, Entries).Select(_ => random.NextUniform(-2, 2))];
        return (Draw(), [.. Enumerable.Range(0, Steps).Select(_ => Draw())]);
    }
}
