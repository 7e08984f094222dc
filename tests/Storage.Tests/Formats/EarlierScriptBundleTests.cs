using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Storage.Checkpoints;

namespace CurvatureMonitor.Storage.Tests.Formats;

/// <summary>
/// A run bundle of an earlier version with a model of its own, numbers as targets, buffers, and nothing more than must
/// be said.
/// </summary>
public sealed class EarlierScriptBundleTests
{
    private static readonly CheckpointLayout Layout = new(
        [new TensorSlot("weight", [1, 2], 0), new TensorSlot("bias", [1], 2)],
        [new TensorSlot("running_mean", [2], 0)]
    );

    private static readonly RunBundle Bundle = RunBundle.Open(EarlierFiles.PathOf("script-run"));

    [Fact]
    public void The_manifest_leaves_unknown_what_it_left_unknown()
    {
        Assert.Equal(new TorchScriptModelReference("model.pt"), Bundle.Manifest.Model);
        Assert.Equal(Loss.MeanSquaredError, Bundle.Manifest.Loss);
        Assert.Equal(BatchNormMode.Eval, Bundle.Manifest.BatchNorm);
        Assert.Equal(new TrainingDescription(), Bundle.Manifest.Training);
        Assert.Equal(new MonitoringDescription(), Bundle.Manifest.Monitoring);
        Assert.Equal("459875662301e1077ba4eeee196bd9d85338f03493eb5b3a24ac58dd967cf3df", Bundle.Fingerprint());
        Assert.Equal(new FinishMark(true), Bundle.ReadFinish());
    }

    [Fact]
    public void Probe_set_and_checkpoint_have_their_numbers()
    {
        var probe = Bundle.ReadProbe();
        Assert.Equal([1.0, 2, 3, 4, 5, 6], probe.Inputs[0].Numbers.ToArray());
        Assert.Equal([0.5, -0.5, 0.25], probe.Targets.ToArray());
        using var checkpoint = Bundle.ReadCheckpoint(1, Layout);
        Assert.Equal(
            new CheckpointInfo("script-run", 1, new DateTimeOffset(2026, 3, 1, 12, 0, 0, 250, TimeSpan.Zero)),
            checkpoint.Info
        );
        Assert.Equal([1.5f, -2.25f, 1f / 3], checkpoint.Singles(CheckpointPart.Parameters).ToArray());
        Assert.Equal([0.125f, float.MaxValue], checkpoint.Singles(CheckpointPart.Buffers).ToArray());
        Assert.False(checkpoint.HasSecondMoments);
    }
}
