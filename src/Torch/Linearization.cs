using System.Text;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Torch.Interop;

namespace CurvatureMonitor.Torch;

/// <summary>
/// An objective at one θ: products with its Hessian H, its Jacobian J [N·K × P] and its Gauss-Newton matrix G. θ and
/// the buffers are snapshots. Graphs are built by the first product that needs them and retained within a byte budget;
/// disposing frees them. One thread at a time, and not while another thread uses the same objective.
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
    /// <exception cref="TorchException">θ does not fit, holds a number that is not finite or leads to one; memory is
    /// used up; two forward passes differ; or an operation failed.</exception>
    public Linearization(Objective objective, Vector theta, LinearizationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(theta);
        options ??= new LinearizationOptions();
        Native
            .LinearizationCreate(
                objective.Handle,
                theta.Handle,
                options.RetainBytes,
                options.LimitBytes,
                out _handle,
                out double loss,
                out var error
            )
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

    /// <summary>What differs from what was asked for, so far; null when nothing does.</summary>
    public Degradation? Degradation
    {
        get
        {
            Span<byte> lacking = stackalloc byte[512];
            Native
                .LinearizationDegradation(
                    _handle,
                    out int rebuilt,
                    out long microBatch,
                    lacking,
                    lacking.Length,
                    out double discrepancy,
                    out var error
                )
                .ThrowOnFailure(error);
            string operation = Encoding.UTF8.GetString(lacking[..lacking.IndexOf((byte)0)]);
            bool split = microBatch < Objective.MicroBatch;
            return rebuilt == 0 && !split && operation.Length == 0
                ? null
                : new Degradation(
                    rebuilt != 0,
                    split ? (int)microBatch : null,
                    operation.Length == 0 ? null : operation,
                    operation.Length == 0 ? null : discrepancy
                );
        }
    }

    /// <summary>Copies ∇L(θ).</summary>
    public void CopyGradient(Vector destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        Native.LinearizationGradient(_handle, destination.Handle, out var error).ThrowOnFailure(error);
    }

    /// <summary>
    /// result ← H v, by reverse-over-reverse differentiation. Where an operation has no double backward, central
    /// differences of gradients, as <see cref="Degradation"/> tells.
    /// </summary>
    /// <exception cref="TorchException"> A length does not fit; memory does not suffice in any way that docs/memory.md
    /// lists; a number is not finite; or an operation has no double backward and halving the step of the finite
    /// difference disagrees with it. </exception>
    public void HessianProduct(Vector v, Vector result)
    {
        Check(v, result);
        Native.LinearizationHessianProduct(_handle, v.Handle, result.Handle, out var error).ThrowOnFailure(error);
    }

    /// <summary>
    /// result ← G v = (1/N) Σ Jᵢᵀ (∂²ℓᵢ/∂z²) Jᵢ v: J v from the gradient's graph or by forward mode, the output Hessian
    /// in closed form, Jᵀ by one reverse pass.
    /// </summary>
    /// <exception cref="TorchException">As <see cref="HessianProduct"/>.</exception>
    public void GaussNewtonProduct(Vector v, Vector result)
    {
        Check(v, result);
        Native.LinearizationGaussNewtonProduct(_handle, v.Handle, result.Handle, out var error).ThrowOnFailure(error);
    }

    /// <summary>outputs ← J v [N·K], sample by sample.</summary>
    /// <exception cref="TorchException">A length does not fit, memory is used up, or an operation has no forward
    /// derivative.</exception>
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
        Native
            .LinearizationVectorJacobianProduct(_handle, outputs.Handle, result.Handle, out var error)
            .ThrowOnFailure(error);
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
        Native
            .LinearizationStats(
                _handle,
                out int batches,
                out int retained,
                out long retainedBytes,
                out long peakBytes,
                out var error
            )
            .ThrowOnFailure(error);
        return (batches, retained, retainedBytes, peakBytes);
    }
}
