using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Storage.Safetensors;

namespace CurvatureMonitor.Storage.Bundles;

/// <summary>
/// Which tensor of a checkpoint is which of the model: by the model's name for it, by another that a tied tensor has
/// there, or by such a name as a wrapper of PyTorch writes it.
/// </summary>
internal sealed class TensorNames
{
    // DistributedDataParallel and torch.compile.
    private const string Parallel = "module.";
    private const string Compiled = "_orig_mod.";

    private readonly TensorFiles _file;
    private readonly Dictionary<string, TensorEntry> _unwrapped = new(StringComparer.Ordinal);

    /// <summary>Looks at a file.</summary>
    /// <param name="file">The file.</param>
    public TensorNames(TensorFiles file)
    {
        _file = file;
        foreach (TensorEntry tensor in file.Tensors)
        {
            _unwrapped.TryAdd(Unwrapped(tensor.Name), tensor);
        }
    }

    /// <summary>The file's tensor of a slot; null where it has none.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="prefix">What stands before the name.</param>
    public TensorEntry? Find(TensorSlot slot, string prefix = "") => Find(slot.Names(), prefix);

    /// <summary>The file's tensor of any of some names; null where it has none.</summary>
    /// <param name="names">The names, the first choice first.</param>
    /// <param name="prefix">What stands before them.</param>
    public TensorEntry? Find(IEnumerable<string> names, string prefix = "")
    {
        List<string> all = [.. names];
        foreach (string name in all)
        {
            if (_file.TryGet(prefix + name, out TensorEntry? exact))
            {
                return exact;
            }
        }

        return all.Select(name => _unwrapped.GetValueOrDefault(prefix + Unwrapped(name)))
            .FirstOrDefault(found => found is not null);
    }

    private static string Unwrapped(string name)
    {
        string optimizer = name.StartsWith(CheckpointTensors.SecondMomentPrefix, StringComparison.Ordinal)
            ? CheckpointTensors.SecondMomentPrefix
            : string.Empty;
        string rest = name[optimizer.Length..].Replace(Compiled, string.Empty, StringComparison.Ordinal);
        while (rest.StartsWith(Parallel, StringComparison.Ordinal))
        {
            rest = rest[Parallel.Length..];
        }

        return optimizer + rest;
    }
}
