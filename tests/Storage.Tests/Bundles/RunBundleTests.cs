using System.Text;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Storage.Checkpoints;
using CurvatureMonitor.Storage.Safetensors;

namespace CurvatureMonitor.Storage.Tests.Bundles;

public sealed partial class RunBundleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_checkpoint_that_is_written_is_read_back_bit_for_bit(bool single, bool secondMoments)
    {
        RunBundle bundle = Create();
        using Checkpoint written = single
            ? TestModels.Single("run", 7, secondMoments)
            : TestModels.Double("run", 7, secondMoments);
        bundle.WriteCheckpoint(written);

        using Checkpoint read = RunBundle.Open(bundle.Directory).ReadCheckpoint(7, TestModels.Layout);

        Assert.Equal(written.Info, read.Info);
        Assert.Equal(written.ElementType, read.ElementType);
        Assert.Equal(written.ParametersToArray(), read.ParametersToArray());
        Assert.Equal(written.BuffersToArray(), read.BuffersToArray());
        Assert.Equal(secondMoments, read.HasSecondMoments);
        if (secondMoments)
        {
            Assert.Equal(written.SecondMomentsToArray(), read.SecondMomentsToArray());
        }
    }

    [Fact]
    public void The_element_type_to_read_in_can_be_chosen()
    {
        RunBundle bundle = Create();
        using Checkpoint written = TestModels.Double("run", 7);
        bundle.WriteCheckpoint(written);

        using Checkpoint read = bundle.ReadCheckpoint(7, TestModels.Layout, ElementType.Float32);

        Assert.Equal(ElementType.Float32, read.ElementType);
        Assert.Equal(written.ParametersToArray().Select(x => (double)(float)x), read.ParametersToArray());
    }

    [Fact]
    public void Only_committed_checkpoints_are_listed_in_the_order_of_their_steps()
    {
        RunBundle bundle = Create();
        foreach (long step in new long[] { 300, 20, 123_456_789_012 })
        {
            using Checkpoint checkpoint = TestModels.Double("run", step);
            bundle.WriteCheckpoint(checkpoint);
        }

        _folder.Write("bundle/checkpoints/step-00000400.safetensors", [1, 2, 3]);
        _folder.Write("bundle/checkpoints/step-00000500.json.123.unfinished", [1]);
        _folder.Write("bundle/checkpoints/step-600.json", "{\"step\":600}"u8.ToArray());
        _folder.Write("bundle/checkpoints/step-0000x700.json", "{}"u8.ToArray());
        _folder.Write("bundle/checkpoints/step-.json", "{}"u8.ToArray());
        _folder.Write("bundle/checkpoints/notes.json", "{}"u8.ToArray());

        Assert.Equal([20L, 300L, 123_456_789_012L], bundle.CheckpointSteps());
        Assert.True(bundle.HasCheckpoint(300));
        Assert.False(bundle.HasCheckpoint(400));
        Assert.True(File.Exists(_folder["bundle/checkpoints/step-00000300.safetensors"]));
    }

    [Fact]
    public void Files_that_Python_scripts_write_are_read()
    {
        RunBundle bundle = Create();
        WriteTensors(
            7,
            TensorContent.FromBytes("fc.bias", TensorType.BFloat16, [2], new byte[] { 0x80, 0x3F, 0x00, 0xC0 }),
            TensorContent.From("fc.weight", [2, 3], new float[] { 1, 2, 3, 4, 5, 6 }),
            TensorContent.From("bn.running_mean", [2], new float[] { 8, 9 }),
            TensorContent.From("bn.num_batches_tracked", [], new long[] { 12 }),
            TensorContent.From("optimizer.step_size", [1], new float[] { 1 })
        );
        _folder.Write(
            "bundle/checkpoints/step-00000007.json",
            """{"step": 7, "loss": null, "learning_rate": 0.05, "by": "x"}"""u8.ToArray()
        );

        using Checkpoint read = bundle.ReadCheckpoint(7, TestModels.Layout);

        Assert.Equal([1, 2, 3, 4, 5, 6, 1, -2], read.ParametersToArray());
        Assert.Equal([8, 9], read.BuffersToArray());
        Assert.Equal((null, 0.05, null), (read.Info.Loss, read.Info.LearningRate, read.Info.OptimizerStep));
        Assert.Equal(
            File.GetLastWriteTimeUtc(_folder["bundle/checkpoints/step-00000007.json"]),
            read.Info.Time.UtcDateTime
        );
    }

    [Fact]
    public void A_loss_that_is_not_finite_is_written_as_such()
    {
        RunBundle bundle = Create();
        using Checkpoint checkpoint = Checkpoint.From(
            TestModels.Info("run", 7) with
            {
                Loss = double.NaN,
                LearningRate = null,
            },
            TestModels.Layout,
            TestModels.Numbers(8, 0),
            [double.NaN, 1]
        );
        bundle.WriteCheckpoint(checkpoint);

        using Checkpoint read = bundle.ReadCheckpoint(7, TestModels.Layout);

        Assert.Equal(double.NaN, read.Info.Loss);
        Assert.Null(read.Info.LearningRate);
        Assert.Equal("bn.running_mean", read.FindNonFinite());
    }

    [Fact]
    public void A_step_that_is_written_again_replaces_the_first()
    {
        RunBundle bundle = Create();
        using Checkpoint first = TestModels.Double("run", 7);
        using Checkpoint second = Checkpoint.From(
            TestModels.Info("run", 7),
            TestModels.Layout,
            new double[8],
            new double[2]
        );
        bundle.WriteCheckpoint(first);
        bundle.WriteCheckpoint(second);

        using Checkpoint read = bundle.ReadCheckpoint(7, TestModels.Layout);

        Assert.All(read.ParametersToArray(), value => Assert.Equal(0, value));
        Assert.Equal(2, Directory.GetFiles(_folder["bundle/checkpoints"]).Length);
    }

    [Fact]
    public void A_checkpoint_that_is_removed_leaves_no_file()
    {
        RunBundle bundle = Create();
        using Checkpoint checkpoint = TestModels.Double("run", 7);
        bundle.WriteCheckpoint(checkpoint);

        Assert.True(bundle.RemoveCheckpoint(7));
        Assert.False(bundle.RemoveCheckpoint(7));
        Assert.Empty(Directory.GetFiles(_folder["bundle/checkpoints"]));
    }

    [Fact]
    public void What_does_not_belong_together_is_not_written()
    {
        RunBundle bundle = Create();
        using Checkpoint stranger = TestModels.Double("other", 1);

        Assert.Throws<ArgumentException>(() => bundle.WriteCheckpoint(stranger));
        Assert.Throws<ArgumentException>(() =>
            RunBundle.Create(_folder["b"], Manifest() with { Run = "../x" }, Probe())
        );
        Assert.Throws<ArgumentException>(() =>
            RunBundle.Create(_folder["b"], Manifest() with { Loss = Loss.MeanSquaredError }, Probe())
        );
        Assert.Throws<ArgumentException>(() =>
            RunBundle.Create(
                _folder["b"],
                Manifest() with
                {
                    Model = new TorchScriptModelReference("model.pt"),
                },
                Probe()
            )
        );
        Assert.False(Directory.Exists(_folder["b"]));
        BundleAssert.Refused(
            bundle.Directory,
            () => RunBundle.Create(bundle.Directory, Manifest(), Probe()),
            "already holds"
        );
    }

    private static RunManifest Manifest() =>
        new(
            "run",
            new BuiltInModelReference("mlp", new Dictionary<string, string>()),
            Loss.CrossEntropy,
            BatchNormMode.Eval,
            4
        );

    private static ProbeSet Probe() => ProbeSet.Classification([1, 2, 3, 4, 5, 6], [2, 3], [0, 1]);

    private static TensorContent Weight(string name) => TensorContent.From(name, [2, 3], new float[6]);

    private static TensorContent Bias() => TensorContent.From("fc.bias", [2], new float[2]);

    private static TensorContent Mean() => TensorContent.From("bn.running_mean", [2], new float[2]);

    private static void Read(RunBundle bundle, long step) => bundle.ReadCheckpoint(step, TestModels.Layout).Dispose();

    private RunBundle Create() => RunBundle.Create(_folder["bundle"], Manifest(), Probe());

    private string TensorsPath(long step) => _folder[$"bundle/checkpoints/step-{step:D8}.safetensors"];

    private void WriteTensors(long step, params TensorContent[] contents)
    {
        SafetensorsWriter.WriteFile(TensorsPath(step), contents);
        _folder.Write($"bundle/checkpoints/step-{step:D8}.json", Encoding.UTF8.GetBytes($"{{\"step\":{step}}}"));
    }
}
