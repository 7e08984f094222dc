using CurvatureMonitor.Actors.Tensors;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Derivatives.TorchScript;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Storage.Checkpoints;
using CurvatureMonitor.Storage.Safetensors;

namespace CurvatureMonitor.Host.Tests.Analysis;

/// <summary>
/// A tiny bundle whose model puts its inputs together from numbers, an order and a mask: what is measured of it is what
/// is measured of the bundle that it was made from.
/// </summary>
internal static class SplitBundle
{
    private const string Source = """
        def forward(self, values: Tensor, order: Tensor, negated: Tensor) -> Tensor:
            x = torch.where(negated, torch.neg(values), values).gather(1, order)
            return torch.linear(x, self.fc_weight, self.fc_bias)
        """;

    /// <summary>Writes it.</summary>
    /// <param name="folder">A folder that is not there yet.</param>
    /// <param name="plain">A bundle of <see cref="TinyBundle.Linear"/>.</param>
    internal static RunBundle Write(string folder, RunBundle plain)
    {
        var one = plain.ReadProbe();
        double[] x = one.Inputs[0].Numbers.ToArray();
        long[] shape = [.. one.Inputs[0].Shape];
        int width = (int)shape[1];
        float[] values = new float[x.Length];
        long[] order = new long[x.Length];
        byte[] negated = new byte[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            int row = i / width;
            order[i] = (i + row) % width;
            int place = (row * width) + (int)order[i];
            negated[place] = (byte)(place * 3 % 7 % 2);
            values[place] = (float)(negated[place] == 1 ? -x[i] : x[i]);
        }

        string[] names = ["values", "order", "negated"];
        string file = Path.GetTempFileName();
        SafetensorsWriter.WriteFile(
            file,
            [
                TensorContent.FromBytes("inputs.negated", TensorType.Bool, shape, negated),
                TensorContent.From("inputs.order", shape, order),
                TensorContent.From("inputs.values", shape, values),
                TensorContent.From("targets", [shape[0]], one.Labels),
            ]
        );
        var probe = ProbeSet.Read(file, Loss.CrossEntropy, names);
        File.Delete(file);
        using var model = ScriptModel.Define(
            new ScriptModelSource("split", Source, [new("fc_weight", [3, width]), new("fc_bias", [3])], []),
            ElementType.Float64,
            Device.Cpu
        );
        var bundle = RunBundle.Create(folder, plain.Manifest with { Inputs = names }, probe, model);
        foreach (long step in plain.CheckpointSteps())
        {
            using var checkpoint = plain.ReadCheckpoint(step, CheckpointLayout.Of(model));
            bundle.WriteCheckpoint(checkpoint);
        }

        return bundle;
    }
}
