using CurvatureMonitor.Storage.Bundles;

namespace CurvatureMonitor.Storage.Tests.Bundles;

/// <summary>What a manifest may leave out, and how it may write numbers.</summary>
public sealed class ManifestTrainingTests
{
    [Fact]
    public void What_a_manifest_does_not_say_of_the_training_is_unknown()
    {
        RunManifest manifest = ManifestText.Parse(ManifestText.Replace("training", ""));

        Assert.Equal(new TrainingDescription(), manifest.Training);
        Assert.Null(ManifestText.Parse(ManifestText.Replace("training.learning_rate", "null")).Training.LearningRate);
    }

    [Fact]
    public void Whole_numbers_may_be_written_as_decimals_and_a_byte_order_mark_is_passed_over()
    {
        Assert.Equal(128, ManifestText.Parse(ManifestText.Replace("micro_batch", "128.0")).MicroBatch);
        Assert.Equal("lenet-a.1", ManifestText.Parse("\uFEFF" + ManifestText.Good).Run);
    }

    [Fact]
    public void Arguments_of_a_built_in_model_may_be_numbers_or_flags()
    {
        RunManifest manifest = ManifestText.Parse(
            ManifestText.Replace(
                "model",
                """{"kind":"builtin","name":"mlp","arguments":{"width":128,"bias":true,"activation":"tanh"}}"""
            )
        );

        var model = Assert.IsType<BuiltInModelReference>(manifest.Model);
        Assert.Equal(
            ("128", "true", "tanh"),
            (model.Arguments["width"], model.Arguments["bias"], model.Arguments["activation"])
        );
        string list = ManifestText.Replace("model", """{"kind":"builtin","name":"mlp","arguments":{"x":[1]}}""");
        string nameless = ManifestText.Replace("model", """{"kind":"builtin"}""");
        BundleAssert.Refused("run.json", () => ManifestText.Parse(list), "'model.arguments.x' is [1]");
        BundleAssert.Refused("run.json", () => ManifestText.Parse(nameless), "'model.name' is missing");
    }
}
