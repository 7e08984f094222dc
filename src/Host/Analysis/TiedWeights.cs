using CurvatureMonitor.Checkpoints;
using CurvatureMonitor.Checkpoints.Bundles;
using CurvatureMonitor.Checkpoints.Safetensors;

namespace CurvatureMonitor.Host.Analysis;

/// <summary>Finds the second names of tied weights in a checkpoint: a model's tied tensor is one parameter, but PyTorch's state dictionary names it twice.</summary>
internal static class TiedWeights
{
    /// <summary>A tensor that the model does not name and that equals, number by number, one that it does.</summary>
    /// <returns>Its name and the model's own name for it; null where there is none.</returns>
    /// <exception cref="BundleException">The file cannot be read.</exception>
    internal static (string Second, string First)? Find(RunBundle bundle, long step, CheckpointLayout layout)
    {
        using var file = SafetensorsFile.Open(bundle.TensorsPath(step));
        var known = layout.Parameters.Select(slot => slot.Name).ToHashSet(StringComparer.Ordinal);
        var named = file.Tensors.Where(tensor => known.Contains(tensor.Name)).ToList();
        foreach (var tensor in file.Tensors.Where(tensor => tensor.Type.IsFloatingPoint() && !known.Contains(tensor.Name)))
        {
            var twin = named.FirstOrDefault(other => other.Type == tensor.Type && other.Shape.SequenceEqual(tensor.Shape) && Numbers(file, other).SequenceEqual(Numbers(file, tensor)));
            if (twin is not null)
            {
                return (tensor.Name, twin.Name);
            }
        }

        return null;
    }

    private static double[] Numbers(SafetensorsFile file, TensorEntry tensor)
    {
        var numbers = new double[tensor.Count];
        file.Read(tensor, numbers);
        return numbers;
    }
}
