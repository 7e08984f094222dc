using System.Collections.Concurrent;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.TorchScript.Execution;

/// <summary>
/// The tensors of a program that are no parameters and no buffers, in each element type and on each device that it has
/// run with. A traced program holds those of the type and device that it was traced with; mixed ones would promote or
/// be refused.
/// </summary>
internal sealed class SharedTensors : IDisposable
{
    private readonly ConcurrentDictionary<(Tensor, ScalarType, string), Tensor> _converted = new();

    /// <summary>The tensor, if it is of floating point in this type, on this device.</summary>
    internal Tensor Convert(Tensor tensor, ScalarType type, Device device)
    {
        var wanted = tensor.is_floating_point() ? type : tensor.dtype;
        if (tensor.dtype == wanted && tensor.device_type == device.type && tensor.device_index == device.index)
        {
            return tensor;
        }

        var key = (tensor, wanted, device.ToString());
        if (_converted.TryGetValue(key, out var known))
        {
            return known;
        }

        using var gradients = no_grad();
        var made = tensor.to(wanted, device).DetachFromDisposeScope();
        var kept = _converted.GetOrAdd(key, made);
        if (!ReferenceEquals(kept, made))
        {
            made.Dispose();
        }

        return kept;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in _converted.Values)
        {
            tensor.Dispose();
        }
    }
}
