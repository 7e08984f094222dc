using CurvatureMonitor.Actors.Tensors;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Storage.Checkpoints;

namespace CurvatureMonitor.Host.Tests.Analysis;

/// <summary>Reference cases as runs of several checkpoints, whose learning rate only <c>run.json</c> has.</summary>
internal static class CaseBundle
{
    /// <summary>
    /// Copies a case; its checkpoint becomes that of the first step, and every further one lies a little nearer to
    /// zero.
    /// </summary>
    internal static RunBundle Copy(string folder, string name, string optimizer, params long[] steps)
    {
        Directory.CreateDirectory(Path.Combine(folder, "checkpoints"));
        foreach (string file in new[] { "model.pt", "probe.safetensors", "run.json" })
        {
            File.Copy(Path.Combine(CasesFolder.Case(name), file), Path.Combine(folder, file));
        }

        string manifest = Path.Combine(folder, "run.json");
        File.WriteAllText(
            manifest,
            File.ReadAllText(manifest).Replace("\"sgd\"", $"\"{optimizer}\"", StringComparison.Ordinal)
        );
        var bundle = RunBundle.Open(folder);
        using var model = ScriptModel.Load(bundle.ModelPath!, ElementType.Float64, Device.Cpu);
        var layout = CheckpointLayout.Of(model);
        using var original = RunBundle.Open(CasesFolder.Case(name)).ReadCheckpoint(1, layout);
        double[] theta = original.ParametersToArray(),
            buffers = original.BuffersToArray(),
            moments = [.. theta.Select((_, i) => 1e-4 * (1 + (i % 7)))];
        for (int i = 0; i < steps.Length; i++)
        {
            var info = new CheckpointInfo(bundle.Manifest.Run, steps[i], DateTimeOffset.UnixEpoch)
            {
                OptimizerStep = 3,
            };
            double scale = Math.Pow(0.97, i);
            using var checkpoint = Checkpoint.From(
                info,
                layout,
                [.. theta.Select(value => scale * value)],
                buffers,
                moments
            );
            bundle.WriteCheckpoint(checkpoint);
        }

        return bundle;
    }
}
