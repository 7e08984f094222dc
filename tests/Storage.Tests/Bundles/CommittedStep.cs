using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Storage.Bundles;

namespace CurvatureMonitor.Storage.Tests.Bundles;

/// <summary>A bundle in which step 7 is committed, and whose tensors each test writes itself.</summary>
internal static class CommittedStep
{
    internal static RunBundle Create(string folder)
    {
        var manifest = new RunManifest(
            "r",
            new BuiltInModelReference("mlp", new Dictionary<string, string>()),
            Loss.CrossEntropy,
            BatchNormMode.Eval,
            4
        );
        var bundle = RunBundle.Create(folder, manifest, ProbeSet.Classification([1, 2], [2, 1], [0, 1]));
        File.WriteAllText(Path.Combine(bundle.Directory, "checkpoints", "step-00000007.json"), "{\"step\":7}");
        return bundle;
    }
}
