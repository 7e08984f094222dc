using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Storage.Checkpoints;

namespace CurvatureMonitor.Storage.Tests.Formats;

/// <summary>A run bundle of an earlier version in which everything is said that may be said.</summary>
public sealed class EarlierBundleTests
{
    internal static readonly CheckpointLayout Layout = new(
        [
            new TensorSlot("fc1.weight", [2, 4], 0),
            new TensorSlot("fc1.bias", [2], 8),
            new TensorSlot("fc2.weight", [3, 2], 10),
            new TensorSlot("fc2.bias", [3], 16),
        ],
        []
    );

    private static readonly RunBundle Bundle = RunBundle.Open(EarlierFiles.PathOf("adam-run"));

    [Fact]
    public void The_manifest_says_what_it_said()
    {
        var arguments = new Dictionary<string, string>
        {
            ["input"] = "1,2,2",
            ["hidden"] = "2",
            ["classes"] = "3",
            ["activation"] = "tanh",
        };
        var manifest = Bundle.Manifest;
        Assert.Equal(new BuiltInModelReference("mlp", arguments), manifest.Model);
        Assert.Equal(
            ("adam-run", new LossDescription(Loss.CrossEntropy), BatchNormMode.Recompute, 4),
            (manifest.Run, manifest.Loss, manifest.BatchNorm, manifest.MicroBatch)
        );
        var training = new TrainingDescription
        {
            Dataset = "six images",
            Samples = 600,
            BatchSize = 2,
            Optimizer = "adam",
            LearningRate = 0.01,
            Momentum = 0.5,
            Nesterov = true,
            Beta1 = 0.9,
            Beta2 = 0.999,
            Epsilon = 1e-8,
            WeightDecay = 0.0005,
        };
        Assert.Equal(training, manifest.Training);
        Assert.Equal(["spectrum", "gradient:4"], manifest.Monitoring.Analyses!);
        Assert.Equal(
            (3, 0.25, 17),
            (manifest.Monitoring.Every, manifest.Monitoring.OverheadBudget, manifest.Monitoring.LanczosSteps)
        );
    }

    [Fact]
    public void The_fingerprint_is_the_one_that_journals_hold() =>
        Assert.Equal("64b8f0c34ecb93c41d71e5151a7a54c26d9059d71d15874f1f8d40b2f09036b8", Bundle.Fingerprint());

    [Fact]
    public void The_probe_set_has_its_samples()
    {
        var probe = Bundle.ReadProbe();
        Assert.Equal([6, 1, 2, 2], probe.Inputs[0].Shape);
        Assert.Equal([0, 1, 2, 2, 1, 0], probe.Labels.ToArray());
        Assert.Equal(ElementType.Float32, probe.ElementType);
        Assert.All(probe.Inputs[0].Numbers.ToArray(), input => Assert.InRange(input, -1, 1));
    }

    [Fact]
    public void A_checkpoint_has_its_numbers_to_the_last_bit()
    {
        Assert.Equal([100, 200], Bundle.CheckpointSteps());
        Assert.Equal(new FinishMark(false), Bundle.ReadFinish());
        using var checkpoint = Bundle.ReadCheckpoint(100, Layout);
        Assert.Equal(
            new CheckpointInfo("adam-run", 100, new DateTimeOffset(2026, 3, 1, 12, 1, 40, 250, TimeSpan.Zero))
            {
                Loss = 0.1 + 0.2,
                LearningRate = 0.0001,
                OptimizerStep = 100,
            },
            checkpoint.Info
        );
        double[] parameters = checkpoint.ParametersToArray();
        Assert.Equal(
            [-0.6200588977057762, 0.48439838992636575, 0.9593824446012185],
            [parameters[0], parameters[1], parameters[^1]]
        );
        Assert.Equal(parameters.Select(x => x * x), checkpoint.SecondMomentsToArray());
        Assert.Equal(ElementType.Float64, checkpoint.ElementType);
    }
}
