using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Programs;

/// <summary>The values of tensors, to be written back if need be.</summary>
internal sealed class SavedTensors(IReadOnlyList<Tensor> tensors) : IDisposable
{
    private readonly Tensor[] _values = [.. tensors.Select(tensor => tensor.detach().clone())];

    /// <summary>Writes the values back.</summary>
    internal void Restore()
    {
        using var gradients = no_grad();
        for (int i = 0; i < _values.Length; i++)
        {
            tensors[i].copy_(_values[i]);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_values, value => value.Dispose());
}
