using CurvatureMonitor.Torch.Interop;

namespace CurvatureMonitor.Torch;

/// <summary>
/// An objective at one θ: products with its Hessian H, its Jacobian J [N·K × P] and its Gauss-Newton matrix G. θ and the buffers are snapshots. Graphs are built by the first
/// product that needs them and retained within a byte budget; disposing frees them. One thread at a time, and not while another thread uses the same objective.
/// </summary>
public sealed partial class Linearization : IDisposable
{
    private readonly LinearizationHandle _handle;
    private readonly ObjectiveHandle _objective;
    private bool _disposed;

    /// <summary>Takes the snapshot and computes loss and gradient there.</summary>
    /// <param name="objective">The objective; it must outlive no one: a reference is held until disposal.</param>
    /// <param name="theta">P parameters; copied.</param>
    /// <param name="options">Memory limits; none when absent.</param>
    /// <exception cref="TorchException">θ does not fit, memory is used up, or an operation failed.</exception>
    public Linearization(Objective objective, Vector theta, LinearizationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(theta);
        options ??= new LinearizationOptions();
        Native.LinearizationCreate(objective.Handle, theta.Handle, options.RetainBytes, options.LimitBytes, out _handle, out double loss, out var error)
            .ThrowOnFailure(error);
        Objective = objective;
        Loss = loss;

        // The native object refers to the native objective: that one must not be freed before this one.
        _objective = objective.Handle;
        bool added = false;
        _objective.DangerousAddRef(ref added);
    }

    /// <summary>The objective.</summary>
    public Objective Objective { get; }

    /// <summary>L(θ).</summary>
    public double Loss { get; }

    /// <summary>P.</summary>
    public long ParameterCount => Objective.ParameterCount;

    /// <summary>N.</summary>
    public long SampleCount => Objective.SampleCount;

    /// <summary>N · K, the rows of J.</summary>
    public long OutputCount => Objective.SampleCount * Objective.OutputsPerSample;

    /// <summary>The element type of all vectors.</summary>
    public ElementType ElementType => Objective.ElementType;

    /// <summary>Where the work is done.</summary>
    public Device Device => Objective.Device;

    /// <summary>⌈N / b⌉.</summary>
    public int MicroBatches => Stats().MicroBatches;

    /// <summary>How many micro-batches keep a graph now.</summary>
    public int RetainedMicroBatches => Stats().Retained;

    /// <summary>Bytes in retained graphs.</summary>
    public long RetainedBytes => Stats().RetainedBytes;

    /// <summary>The most bytes in use at any moment so far, beyond what was there before this object.</summary>
    public long PeakBytes => Stats().PeakBytes;

    /// <summary>Copies ∇L(θ).</summary>
    public void CopyGradient(Vector destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        Native.LinearizationGradient(_handle, destination.Handle, out var error).ThrowOnFailure(error);
    }

    /// <summary>result ← H v, by reverse-over-reverse differentiation.</summary>
    /// <exception cref="TorchException">A length does not fit, memory is used up, or an operation has no double backward.</exception>
    public void HessianProduct(Vector v, Vector result)
    {
        Check(v, result);
        Native.LinearizationHessianProduct(_handle, v.Handle, result.Handle, out var error).ThrowOnFailure(error);
    }

    /// <summary>result ← G v = (1/N) Σ Jᵢᵀ (∂²ℓᵢ/∂z²) Jᵢ v: J v by forward mode, the output Hessian in closed form, Jᵀ by one reverse pass.</summary>
    /// <exception cref="TorchException">A length does not fit, memory is used up, or an operation has no forward derivative.</exception>
    public void GaussNewtonProduct(Vector v, Vector result)
    {
        Check(v, result);
        Native.LinearizationGaussNewtonProduct(_handle, v.Handle, result.Handle, out var error).ThrowOnFailure(error);
    }

    /// <summary>outputs ← J v [N·K], sample by sample.</summary>
    /// <exception cref="TorchException">A length does not fit, memory is used up, or an operation has no forward derivative.</exception>
    public void JacobianProduct(Vector v, Vector outputs)
    {
        Check(v, outputs);
        Native.LinearizationJacobianProduct(_handle, v.Handle, outputs.Handle, out var error).ThrowOnFailure(error);
    }

    /// <summary>result ← Jᵀ u [P] for u [N·K], sample by sample.</summary>
    /// <exception cref="TorchException">A length does not fit, memory is used up, or an operation failed.</exception>
    public void VectorJacobianProduct(Vector outputs, Vector result)
    {
        Check(outputs, result);
        Native.LinearizationVectorJacobianProduct(_handle, outputs.Handle, result.Handle, out var error).ThrowOnFailure(error);
    }

    /// <summary>Frees the retained graphs.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _handle.Dispose();
        _objective.DangerousRelease();
    }

    private static void Check(Vector input, Vector output)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
    }

    private (int MicroBatches, int Retained, long RetainedBytes, long PeakBytes) Stats()
    {
        Native.LinearizationStats(_handle, out int batches, out int retained, out long retainedBytes, out long peakBytes, out var error)
            .ThrowOnFailure(error);
        return (batches, retained, retainedBytes, peakBytes);
    }
}
