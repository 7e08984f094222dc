using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Storage.Checkpoints;

namespace CurvatureMonitor.Storage.Tests;

/// <summary>A small layout with two parameters and a buffer, and checkpoints of it.</summary>
internal static class TestModels
{
    public static readonly DateTimeOffset Time = new(2026, 3, 1, 12, 30, 0, TimeSpan.Zero);

    public static readonly CheckpointLayout Layout = new(
        [new TensorSlot("fc.weight", [2, 3], 0), new TensorSlot("fc.bias", [2], 6)],
        [new TensorSlot("bn.running_mean", [2], 0)]
    );

    public static CheckpointInfo Info(string run, long step) =>
        new(run, step, Time)
        {
            Loss = 1.0 / (step + 3),
            LearningRate = 0.1,
            BatchSize = step + 16,
            OptimizerStep = step + 1,
        };

    public static Checkpoint Double(string run, long step, bool secondMoments = false) =>
        Checkpoint.From(
            Info(run, step),
            Layout,
            Numbers(8, step),
            Numbers(2, step + 100),
            secondMoments ? Numbers(8, step + 200) : []
        );

    public static Checkpoint Single(string run, long step, bool secondMoments = false) =>
        Checkpoint.From(
            Info(run, step),
            Layout,
            Array.ConvertAll(Numbers(8, step), x => (float)x),
            Array.ConvertAll(Numbers(2, step + 100), x => (float)x),
            secondMoments ? Array.ConvertAll(Numbers(8, step + 200), x => (float)x) : []
        );

    /// <summary>Numbers that no float32 holds exactly, different for every seed.</summary>
    public static double[] Numbers(int count, long seed) =>
        [.. Enumerable.Range(0, count).Select(i => Math.Sin(seed + (0.7 * i)))];
}
