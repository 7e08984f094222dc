using System.Text;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Storage.Checkpoints;
using CurvatureMonitor.Storage.Safetensors;

namespace CurvatureMonitor.Storage.Tests.Bundles;

/// <summary>
/// What a checkpoint's JSON file says of the step: its optimiser, a loss that is no number, its session.
/// </summary>
public sealed class CheckpointOptimizerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_optimiser_of_the_step_is_read_as_Python_writes_it_and_written_so_that_it_is_read_again()
    {
        var info = Parse(
            """
            {"step": 7, "loss": 0.5, "session": "a1", "optimizer": {"kind": "AdamW", "groups": [
              {"parameters": ["fc.weight"], "learning_rate": 0.1, "betas": [0.95, 0.99], "eps": 1e-8,
               "weight_decay": 0.01, "amsgrad": false, "maximize": false},
              {"parameters": [], "learning_rate": 0, "momentum": 0.5, "nesterov": true, "dampening": 0.25,
               "momentum_decay": 0.004, "lr_decay": 0.125}]}}
            """
        );
        var first = info.Optimizer!.Groups[0];
        Assert.Equal(
            ("adamw", "a1", "fc.weight", 0.1, 0.95, 0.99, 1e-8, 0.01, false),
            (
                info.Optimizer.Kind,
                info.Session,
                Assert.Single(first.Parameters!),
                first.LearningRate,
                first.Beta1,
                first.Beta2,
                first.Epsilon,
                first.WeightDecay,
                first.Maximize
            )
        );
        var bundle = Bundle();
        using (var checkpoint = Checkpoint.From(info, TestModels.Layout, TestModels.Numbers(8, 1), [1, 2]))
        {
            bundle.WriteCheckpoint(checkpoint);
        }

        var again = bundle.ReadCheckpointInfo(7);
        Assert.Equal(info.Session, again.Session);
        Assert.Equal(info.Optimizer.Groups.Count, again.Optimizer!.Groups.Count);
        foreach (var (one, other) in info.Optimizer.Groups.Zip(again.Optimizer.Groups))
        {
            Assert.Equal(one.Parameters, other.Parameters);
            Assert.Equal(one with { Parameters = null }, other with { Parameters = null });
        }
    }

    [Theory]
    [InlineData("\"NaN\"", double.NaN)]
    [InlineData("\"Infinity\"", double.PositiveInfinity)]
    [InlineData("\"-Infinity\"", double.NegativeInfinity)]
    [InlineData("null", null)]
    public void A_loss_that_is_no_number_is_a_text_and_one_that_is_not_known_is_not_there(string text, double? loss)
    {
        var info = Parse($"{{\"step\": 7, \"loss\": {text}}}");
        Assert.Equal(loss, info.Loss);
        var bundle = Bundle();
        using var checkpoint = Checkpoint.From(info, TestModels.Layout, TestModels.Numbers(8, 1), [1, 2]);
        bundle.WriteCheckpoint(checkpoint);
        Assert.Equal(loss, bundle.ReadCheckpointInfo(7).Loss);
    }

    [Theory]
    [InlineData("""{"step": 7, "loss": "low"}""", "'loss' is")]
    [InlineData("""{"step": 7, "optimizer": {"kind": "sgd", "groups": []}}""", "'optimizer.groups' is empty")]
    [InlineData("""{"step": 7, "optimizer": {"kind": "sgd"}}""", "'optimizer.groups' is missing")]
    [InlineData(
        """{"step": 7, "optimizer": {"kind": "sgd", "groups": [{}, {"learning_rate": -1}]}}""",
        "'optimizer.groups[1].learning_rate' is"
    )]
    [InlineData(
        """{"step": 7, "optimizer": {"kind": "adam", "groups": [{"betas": [0.9]}]}}""",
        "'optimizer.groups[0].betas' is not a pair"
    )]
    public void A_mistake_is_told_with_its_place(string json, string problem) =>
        Assert.Contains(problem, Assert.Throws<BundleException>(() => Parse(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void Second_moments_may_be_missing_of_parameters_that_no_group_steps_and_of_no_others()
    {
        var bundle = Bundle();
        Directory.CreateDirectory(Path.Combine(bundle.Directory, "checkpoints"));
        SafetensorsWriter.WriteFile(
            bundle.TensorsPath(7),
            [
                TensorContent.From("fc.weight", [2, 3], new float[6]),
                TensorContent.From("fc.bias", [2], new float[2]),
                TensorContent.From("bn.running_mean", [2], new float[2]),
                TensorContent.From("optimizer.exp_avg_sq.fc.bias", [2], new float[] { 3, 4 }),
            ]
        );
        Commit("fc.bias");
        using (var checkpoint = bundle.ReadCheckpoint(7, TestModels.Layout, ElementType.Float64))
        {
            Assert.Equal(
                [.. Enumerable.Repeat(double.PositiveInfinity, 6), 3, 4],
                checkpoint.SecondMomentsToArray()
            );
        }

        Commit("fc.bias\", \"fc.weight");
        BundleAssert.Refused(
            bundle.TensorsPath(7),
            () => bundle.ReadCheckpoint(7, TestModels.Layout),
            "'optimizer.exp_avg_sq.fc.weight' is missing"
        );

        void Commit(string names) =>
            File.WriteAllText(
                Path.Combine(bundle.Directory, "checkpoints", "step-00000007.json"),
                "{\"step\": 7, \"optimizer\": {\"kind\": \"adam\", \"groups\": [{\"parameters\": [\""
                    + names
                    + "\"]}]}}"
            );
    }

    [Fact]
    public void A_training_that_is_taken_up_again_with_other_numbers_is_the_same_run()
    {
        var bundle = Bundle();
        string path = Path.Combine(bundle.Directory, "run.json");
        string identity = bundle.Identity();
        string fingerprint = bundle.Fingerprint();
        File.WriteAllText(
            path,
            """
            {"micro_batch":4,"batch_norm":"eval","loss":"mse","id":"x","training":{"learning_rate":7},"run":"run",
             "model":{"kind":"torchscript","file":"model.pt"},"schema":1}
            """
        );
        Assert.Equal(identity, RunBundle.Open(bundle.Directory).Identity());
        Assert.NotEqual(fingerprint, bundle.Fingerprint());
        File.WriteAllText(path, File.ReadAllText(path).Replace("eval", "train", StringComparison.Ordinal));
        Assert.NotEqual(identity, RunBundle.Open(bundle.Directory).Identity());
    }

    private RunBundle Bundle()
    {
        _folder.Write("bundle/model.pt", [1]);
        _folder.Write("bundle/probe.safetensors", [2]);
        _folder.Write(
            "bundle/run.json",
            """
            {"schema":1,"run":"run","model":{"kind":"torchscript","file":"model.pt"},"loss":"mse",
             "batch_norm":"eval","micro_batch":4}
            """u8.ToArray()
        );
        return RunBundle.Open(_folder["bundle"]);
    }

    private CheckpointInfo Parse(string json) =>
        Bundle().ParseCheckpointInfo(Encoding.UTF8.GetBytes(json), "X-Checkpoint", 7, default);
}
