using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Objectives;

/// <summary>Constant tensors, made once for each element type and device that they are needed in.</summary>
/// <param name="make">Makes them of a type on a device.</param>
internal sealed class PlacedTensors(Func<ScalarType, Device, IReadOnlyList<Tensor>> make)
{
    private readonly Dictionary<(ScalarType, string), IReadOnlyList<Tensor>> _made = [];
    private readonly Lock _gate = new();

    /// <summary>The tensors of a type on a device; they stay this object's, and outlive every scope.</summary>
    internal IReadOnlyList<Tensor> In(ScalarType type, Device device)
    {
        lock (_gate)
        {
            var key = (type, device.ToString());
            if (!_made.TryGetValue(key, out var found))
            {
                found = [.. make(type, device).Select(tensor => tensor.DetachFromDisposeScope())];
                _made[key] = found;
            }

            return found;
        }
    }
}
