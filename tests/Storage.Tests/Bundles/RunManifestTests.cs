using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Storage.Bundles;

namespace CurvatureMonitor.Storage.Tests.Bundles;

public sealed class RunManifestTests : IDisposable
{
    private const string Good = """
        {"schema":1,"run":"lenet-a.1","model":{"kind":"torchscript","file":"model.pt"},"loss":"cross_entropy",
         "batch_norm":"eval","micro_batch":128,
         "training":{"dataset":"mnist","samples":60000,"batch_size":128,
                     "optimizer":"SGD","learning_rate":0.1,"momentum":0.9,"nesterov":true,
                     "betas":[0.9,0.999],"eps":1e-8,"weight_decay":0.0005,"dampening":0,"later":{"x":1}},"later":[1,2]}
        """;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string, string> Mistakes =>
        new()
        {
            { "schema", "2", "'schema' is 2 where this program knows 1" },
            { "schema", "\"1\"", "'schema' is \"1\" where a whole number is expected" },
            { "schema", "", "'schema' is missing" },
            { "run", "", "'run' is missing" },
            { "run", "null", "'run' is missing" },
            { "run", "7", "'run' is 7 where a string is expected" },
            { "run", "\"\"", "letters, digits" },
            { "run", "\"../up\"", "letters, digits" },
            { "run", "\".hidden\"", "letters, digits" },
            { "run", "\"a/b\"", "letters, digits" },
            { "run", "\"a\\nb\"", "letters, digits" },
            { "model", "", "'model' is missing" },
            { "model", "\"model.pt\"", "'model' is \"model.pt\" where an object is expected" },
            { "model.kind", "\"pickle\"", "'model.kind' is 'pickle'; write torchscript or builtin" },
            { "model.file", "", "'model.file' is missing" },
            { "model.file", "\"../model.pt\"", "inside the bundle" },
            { "model.file", "\"/etc/passwd\"", "inside the bundle" },
            { "model.file", "\"C:\\\\model.pt\"", "inside the bundle" },
            { "model.file", "\"a//b\"", "inside the bundle" },
            { "model.file", "\"\"", "inside the bundle" },
            { "loss", "", "'loss' is missing" },
            { "loss", "\"nll\"", "'loss' is 'nll'; write cross_entropy or mse" },
            { "batch_norm", "true", "'batch_norm' is true where a string is expected" },
            { "batch_norm", "\"frozen\"", "write train or eval or recompute" },
            { "micro_batch", "0", "'micro_batch' is 0; write a whole number from 1" },
            { "micro_batch", "12.5", "'micro_batch' is 12.5" },
            { "micro_batch", "1e300", "'micro_batch' is 1e300" },
            { "micro_batch", "4294967296", "'micro_batch' is 4294967296" },
            { "training", "[]", "'training' is [] where an object is expected" },
            { "training.samples", "-1", "'training.samples' is -1" },
            { "training.learning_rate", "\"fast\"", "'training.learning_rate' is \"fast\" where a number is expected" },
            { "training.learning_rate", "-0.1", "'training.learning_rate' is -0.1; write a number from 0" },
            { "training.learning_rate", "1e999", "'training.learning_rate' is 1e999" },
            { "training.momentum", "1", "'training.momentum' is 1; write a number from 0 to below 1" },
            { "training.nesterov", "1", "'training.nesterov' is 1 where true or false is expected" },
            { "training.betas", "[0.9]", "'training.betas' is not a pair" },
            { "training.betas", "[0.9,1.5]", "'training.betas' is not a pair" },
            { "training.betas", "[0.9,\"x\"]", "'training.betas' holds \"x\"" },
            { "training.optimizer", "3", "'training.optimizer' is 3 where a string is expected" },
        };

    public static TheoryData<string, string> NoJson =>
        new()
        {
            { "", "not valid JSON" },
            { "{", "not valid JSON" },
            { "[]", "not a JSON object" },
            { "{\"schema\":1,\"schema\":1}", "not valid JSON" },
            { "{\"loss\":NaN}", "not finite as null" },
            { "\"\\ud800\"", "not" },
        };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Everything_that_a_manifest_says_is_read_and_what_it_may_say_later_is_passed_over()
    {
        RunManifest manifest = Parse(Good);

        Assert.Equal("lenet-a.1", manifest.Run);
        Assert.Equal(new TorchScriptModelReference("model.pt"), manifest.Model);
        Assert.Equal(
            (Loss.CrossEntropy, BatchNormMode.Eval, 128),
            (manifest.Loss, manifest.BatchNorm, manifest.MicroBatch)
        );
        Assert.Equal(
            new TrainingDescription
            {
                Dataset = "mnist",
                Samples = 60000,
                BatchSize = 128,
                Optimizer = "sgd",
                LearningRate = 0.1,
                Momentum = 0.9,
                Nesterov = true,
                Beta1 = 0.9,
                Beta2 = 0.999,
                Epsilon = 1e-8,
                WeightDecay = 0.0005,
            },
            manifest.Training
        );
    }

    [Fact]
    public void What_a_manifest_does_not_say_of_the_training_is_unknown()
    {
        RunManifest manifest = Parse(Replace("training", ""));

        Assert.Equal(new TrainingDescription(), manifest.Training);
        Assert.Null(Parse(Replace("training.learning_rate", "null")).Training.LearningRate);
    }

    [Fact]
    public void Whole_numbers_may_be_written_as_decimals_and_a_byte_order_mark_is_passed_over()
    {
        Assert.Equal(128, Parse(Replace("micro_batch", "128.0")).MicroBatch);
        Assert.Equal("lenet-a.1", Parse("\uFEFF" + Good).Run);
    }

    [Fact]
    public void A_manifest_that_is_written_is_read_back()
    {
        RunManifest script = Parse(Good);
        RunManifest builtIn = new(
            "mlp_1",
            new BuiltInModelReference(
                "mlp",
                new Dictionary<string, string> { ["hidden"] = "128,64", ["activation"] = "tanh" }
            ),
            Loss.MeanSquaredError,
            BatchNormMode.Recompute,
            7
        );
        foreach (RunManifest manifest in new[] { script, builtIn, script with { BatchNorm = BatchNormMode.Train } })
        {
            manifest.Write(_folder["run.json"]);
            Assert.Equal(manifest, RunManifest.Read(_folder["run.json"]));
        }
    }

    [Fact]
    public void Arguments_of_a_built_in_model_may_be_numbers_or_flags()
    {
        RunManifest manifest = Parse(
            Replace(
                "model",
                """{"kind":"builtin","name":"mlp","arguments":{"width":128,"bias":true,"activation":"tanh"}}"""
            )
        );

        var model = Assert.IsType<BuiltInModelReference>(manifest.Model);
        Assert.Equal(
            ("128", "true", "tanh"),
            (model.Arguments["width"], model.Arguments["bias"], model.Arguments["activation"])
        );
        string list = Replace("model", """{"kind":"builtin","name":"mlp","arguments":{"x":[1]}}""");
        string nameless = Replace("model", """{"kind":"builtin"}""");
        BundleAssert.Refused("run.json", () => Parse(list), "'model.arguments.x' is [1]");
        BundleAssert.Refused("run.json", () => Parse(nameless), "'model.name' is missing");
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_refused_in_one_line_that_names_the_key(string key, string value, string problem) =>
        BundleAssert.Refused("run.json", () => Parse(Replace(key, value)), problem);

    [Theory]
    [MemberData(nameof(NoJson))]
    public void What_is_no_JSON_object_is_refused_in_one_line(string text, string problem) =>
        BundleAssert.Refused("run.json", () => Parse(text), problem);

    [Fact]
    public void A_file_that_is_absent_or_far_too_large_is_refused_in_one_line()
    {
        string large = _folder.Write("large.json", new byte[2 << 20]);

        BundleAssert.Refused(_folder["absent.json"], () => RunManifest.Read(_folder["absent.json"]), "cannot be read");
        BundleAssert.Refused(large, () => RunManifest.Read(large), "more than");
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("_x-1.2_B", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData(".", false)]
    [InlineData("..", false)]
    [InlineData("-rf", false)]
    [InlineData("a b", false)]
    [InlineData("é", false)]
    [InlineData("a\0", false)]
    public void Names_of_runs_are_plain(string? name, bool valid) => Assert.Equal(valid, RunName.IsValid(name));

    [Fact]
    public void Names_of_runs_have_at_most_128_characters()
    {
        Assert.True(RunName.IsValid(new string('a', 128)));
        Assert.False(RunName.IsValid(new string('a', 129)));
    }

    private static RunManifest Parse(string json) => RunManifest.Parse(Encoding.UTF8.GetBytes(json), "run.json");

    // An empty value removes the key; numbers go in as written, 1e999 among them.
    private static string Replace(string key, string value)
    {
        const string marker = "\"@@\"";
        JsonObject root = JsonNode.Parse(Good)!.AsObject();
        string[] path = key.Split('.');
        JsonObject parent = path.Length == 2 ? root[path[0]]!.AsObject() : root;
        if (value.Length == 0)
        {
            parent.Remove(path[^1]);
        }
        else
        {
            parent[path[^1]] = "@@";
        }

        return root.ToJsonString(JsonSerializerOptions.Default).Replace(marker, value, StringComparison.Ordinal);
    }
}
