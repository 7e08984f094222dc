using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Host.Analysis;

/// <summary>Batches of a bundle's probe set as objectives of their own, at the checkpoint that is loaded.</summary>
internal sealed class BatchObjectives(BundleProbe probe, int size, LinearizationOptions memory) : IDisposable
{
    private Objective? _current;

    /// <summary>The linearization of chosen samples; the objective lives until the next one is made.</summary>
    /// <exception cref="TorchException">libtorch refused.</exception>
    internal Linearization Linearize(long[] chosen)
    {
        _current?.Dispose();
        _current = probe.CreateBatch(chosen, size);
        return new Linearization(_current, probe.Theta, memory);
    }

    public void Dispose() => _current?.Dispose();
}
