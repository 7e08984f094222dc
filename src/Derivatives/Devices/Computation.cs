namespace CurvatureMonitor.Derivatives.Devices;

/// <summary>
/// How libtorch computes the passes of one model, on this thread, until disposed: without oneDNN where it is not to be
/// trusted, and with one thread an operation where passes are small: the others would be awake when all is done. On a
/// machine with two cores a product of 2,000 parameters on 200 samples took a half longer with both.
/// </summary>
internal readonly struct Computation : IDisposable
{
    // Multiplications of a pass, at least: each parameter meets each sample.
    private const double Small = 4e6;

    private readonly FusedKernels? _plain;
    private readonly bool _wasAlone;

    /// <summary>Begins.</summary>
    /// <param name="avoidsFusedKernels">Whether oneDNN and cuDNN are left out.</param>
    /// <param name="parameters">P.</param>
    /// <param name="samples">Of a forward pass.</param>
    internal Computation(bool avoidsFusedKernels, long parameters, long samples)
    {
        _wasAlone = OperationThreads.SetAlone((double)parameters * samples < Small);
        _plain = avoidsFusedKernels ? FusedKernels.Suspend() : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _plain?.Dispose();
        OperationThreads.SetAlone(_wasAlone);
    }
}
