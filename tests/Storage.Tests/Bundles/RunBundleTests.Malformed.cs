using System.Text;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Storage.Safetensors;

namespace CurvatureMonitor.Storage.Tests.Bundles;

public sealed partial class RunBundleTests
{
    public static TheoryData<string, string> CommitMistakes =>
        new()
        {
            { """{"step":8}""", "'step' is 8 in the file of step 7" },
            { """{"loss":1}""", "'step' is missing" },
            { """{"step":7,"loss":"low"}""", "'loss' is \"low\" where a number is expected" },
            { """{"step":7,"learning_rate":-1}""", "'learning_rate' is -1" },
            { """{"step":7,"time":"yesterday"}""", "'time' is 'yesterday'" },
            { """{"step":7,"loss":NaN}""", "not finite as null" },
            { """{"step":7""", "not valid JSON" },
        };

    [Fact]
    public void A_tensor_that_is_missing_is_named_with_what_is_there_instead()
    {
        RunBundle bundle = Create();
        WriteTensors(7, Weight("module.fc.weight"), Weight("fc.weight"), Mean());

        BundleAssert.Refused(
            TensorsPath(7),
            () => Read(bundle, 7),
            "'fc.bias' is missing",
            "module.fc.weight, which the model has not"
        );

        WriteTensors(7, Weight("fc.weight"));
        BundleAssert.Refused(
            TensorsPath(7),
            () => Read(bundle, 7),
            "'fc.bias' is missing (and so are bn.running_mean)"
        );
    }

    [Fact]
    public void A_tensor_that_the_model_has_not_is_named()
    {
        RunBundle bundle = Create();
        WriteTensors(
            7,
            Weight("fc.weight"),
            Bias(),
            Mean(),
            TensorContent.From("fc2.weight", [2, 3], new float[] { 9, 8, 7, 6, 5, 4 })
        );

        BundleAssert.Refused(TensorsPath(7), () => Read(bundle, 7), "'fc2.weight' is not a tensor of the model");
    }

    [Fact]
    public void A_tensor_of_the_wrong_shape_or_type_is_named()
    {
        RunBundle bundle = Create();
        WriteTensors(7, TensorContent.From("fc.weight", [3, 2], new float[6]), Bias(), Mean());
        BundleAssert.Refused(
            TensorsPath(7),
            () => Read(bundle, 7),
            "'fc.weight' has the shape [3, 2] where the model has [2, 3]"
        );

        WriteTensors(7, Weight("fc.weight"), TensorContent.From("fc.bias", [2], new long[2]), Mean());
        BundleAssert.Refused(TensorsPath(7), () => Read(bundle, 7), "'fc.bias' has the type I64", "F32");

        WriteTensors(
            7,
            Weight("fc.weight"),
            Bias(),
            Mean(),
            TensorContent.From("optimizer.exp_avg_sq.fc.bias", [2], new float[2])
        );
        BundleAssert.Refused(TensorsPath(7), () => Read(bundle, 7), "'optimizer.exp_avg_sq.fc.weight' is missing");
    }

    [Theory]
    [MemberData(nameof(CommitMistakes))]
    public void A_mistake_in_the_commit_is_refused_in_one_line(string json, string problem)
    {
        RunBundle bundle = Create();
        WriteTensors(7, Weight("fc.weight"), Bias(), Mean());
        string path = _folder.Write("bundle/checkpoints/step-00000007.json", Encoding.UTF8.GetBytes(json));

        BundleAssert.Refused(path, () => Read(bundle, 7), problem);
    }

    [Fact]
    public void A_checkpoint_without_its_files_is_refused_in_one_line()
    {
        RunBundle bundle = Create();
        BundleAssert.Refused(_folder["bundle/checkpoints/step-00000009.json"], () => Read(bundle, 9), "cannot be read");

        _folder.Write("bundle/checkpoints/step-00000009.json", """{"step":9}"""u8.ToArray());
        BundleAssert.Refused(
            _folder["bundle/checkpoints/step-00000009.safetensors"],
            () => Read(bundle, 9),
            "cannot be read"
        );
    }

    [Fact]
    public void A_folder_that_is_no_complete_bundle_is_refused_in_one_line()
    {
        RunBundle bundle = Create();
        BundleAssert.Refused(_folder["absent"], () => RunBundle.Open(_folder["absent"]), "not a directory");
        BundleAssert.Refused(_folder["."], () => RunBundle.Open(_folder["."]), "has no run.json");

        (Manifest() with { Model = new TorchScriptModelReference("model.pt") }).Write(_folder["bundle/run.json"]);
        BundleAssert.Refused(_folder["bundle/model.pt"], () => RunBundle.Open(bundle.Directory), "is missing");

        Manifest().Write(_folder["bundle/run.json"]);
        File.Delete(bundle.ProbePath);
        BundleAssert.Refused(bundle.ProbePath, () => RunBundle.Open(bundle.Directory), "'inputs' and 'targets'");
    }
}
