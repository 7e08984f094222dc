namespace CurvatureMonitor.Storage.Tests.Bundles;

/// <summary>Manifests with a mistake.</summary>
public sealed class ManifestMistakeTests
{
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

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_refused_in_one_line_that_names_the_key(string key, string value, string problem) =>
        BundleAssert.Refused("run.json", () => ManifestText.Parse(ManifestText.Replace(key, value)), problem);
}
