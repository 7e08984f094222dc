using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Torch.Interop;

namespace CurvatureMonitor.Torch;

/// <summary>
/// Up to m vectors v₁ … v_k as one matrix V [P × k] on a device, so that a Gram-Schmidt pass is two matrix-vector
/// products. Memory for all m is taken at creation.
/// </summary>
public sealed class Basis : IDisposable
{
    private readonly BasisHandle _handle;

    /// <summary>Creates an empty basis with room for <paramref name="capacity"/> vectors.</summary>
    /// <param name="length">P.</param>
    /// <param name="capacity">m, 1 or more.</param>
    /// <param name="type">The element type.</param>
    /// <param name="device">The device.</param>
    /// <param name="onHost">Whether the vectors lie in host memory from the start, where the device has no room for
    /// them; see <see cref="EvictToHost"/>.</param>
    /// <exception cref="TorchException">No memory for P · m numbers, or the device is not here.</exception>
    public Basis(long length, int capacity, ElementType type, Device device, bool onHost = false)
    {
        ArgumentNullException.ThrowIfNull(device);
        (
            onHost
                ? Native.BasisCreateOnHost(length, capacity, type, device.Index, out _handle, out var error)
                : Native.BasisCreate(length, capacity, type, device.Index, out _handle, out error)
        ).ThrowOnFailure(error);
        (Length, Capacity, ElementType, Device, OnHost) = (length, capacity, type, device, onHost);
    }

    /// <summary>P, the length of each vector.</summary>
    public long Length { get; }

    /// <summary>m, how many vectors there is room for.</summary>
    public int Capacity { get; }

    /// <summary>k, how many vectors there are.</summary>
    public int Count { get; private set; }

    /// <summary>The type of the numbers.</summary>
    public ElementType ElementType { get; }

    /// <summary>The device that the basis belongs to, evicted or not.</summary>
    public Device Device { get; }

    internal BasisHandle Handle => _handle;

    /// <summary>Whether the vectors lie in host memory; see <see cref="EvictToHost"/>.</summary>
    public bool OnHost { get; private set; }

    /// <summary>Appends a copy of <paramref name="v"/>.</summary>
    /// <exception cref="TorchException">The basis is full, or length or element type differ.</exception>
    public void Append(Vector v)
    {
        ArgumentNullException.ThrowIfNull(v);
        Native.BasisAppend(_handle, v.Handle, out var error).ThrowOnFailure(error);
        Count++;
    }

    /// <summary>Keeps the first <paramref name="count"/> vectors.</summary>
    /// <exception cref="TorchException">There are fewer.</exception>
    public void Truncate(int count)
    {
        Native.BasisTruncate(_handle, count, out var error).ThrowOnFailure(error);
        Count = count;
    }

    /// <summary>Copies vector <paramref name="column"/> (from 0) to <paramref name="destination"/>.</summary>
    /// <exception cref="TorchException">There is no such vector, or length or element type differ.</exception>
    public void CopyColumn(int column, Vector destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        Native.BasisCopyColumn(_handle, column, destination.Handle, out var error).ThrowOnFailure(error);
    }

    /// <summary>c = Vᵀ w.</summary>
    /// <param name="w">A vector of length P.</param>
    /// <param name="coefficients">Receives the <see cref="Count"/> coefficients.</param>
    /// <exception cref="TorchException">Lengths or element types differ.</exception>
    public unsafe void Project(Vector w, Span<double> coefficients)
    {
        ArgumentNullException.ThrowIfNull(w);
        fixed (double* pointer = coefficients)
        {
            Native.BasisProject(_handle, w.Handle, pointer, coefficients.Length, out var error).ThrowOnFailure(error);
        }
    }

    /// <summary>w ← w − V c.</summary>
    /// <param name="w">A vector of length P.</param>
    /// <param name="coefficients">c, <see cref="Count"/> numbers.</param>
    /// <exception cref="TorchException">Lengths or element types differ.</exception>
    public unsafe void Subtract(Vector w, ReadOnlySpan<double> coefficients)
    {
        ArgumentNullException.ThrowIfNull(w);
        fixed (double* pointer = coefficients)
        {
            Native.BasisSubtract(_handle, w.Handle, pointer, coefficients.Length, out var error).ThrowOnFailure(error);
        }
    }

    /// <summary>destination ← V c.</summary>
    /// <param name="coefficients">c, <see cref="Count"/> numbers.</param>
    /// <param name="destination">A vector of length P.</param>
    /// <exception cref="TorchException">Lengths or element types differ.</exception>
    public unsafe void Combine(ReadOnlySpan<double> coefficients, Vector destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        fixed (double* pointer = coefficients)
        {
            Native
                .BasisCombine(_handle, pointer, coefficients.Length, destination.Handle, out var error)
                .ThrowOnFailure(error);
        }
    }

    /// <summary>One classical Gram-Schmidt pass, w ← w − V (Vᵀ w); the coefficients stay on the device.</summary>
    /// <exception cref="TorchException">Lengths or element types differ.</exception>
    public void Orthogonalise(Vector w)
    {
        ArgumentNullException.ThrowIfNull(w);
        Native.BasisOrthogonalise(_handle, w.Handle, out var error).ThrowOnFailure(error);
    }

    /// <summary>
    /// V ← V Q in place, after which there are k′ vectors: what a restart does to its basis. In float64 whatever the
    /// element type; beyond V it takes memory for a small block of rows alone.
    /// </summary>
    /// <param name="rotation">Q [<see cref="Count"/>, k′], row-major. With orthonormal columns it keeps an orthonormal
    /// V orthonormal.</param>
    /// <param name="kept">k′, at most <see cref="Count"/>.</param>
    /// <exception cref="ArgumentException">Q has another size.</exception>
    /// <exception cref="TorchException">k′ is negative or larger than <see cref="Count"/>.</exception>
    public unsafe void Rotate(ReadOnlySpan<double> rotation, int kept)
    {
        if (rotation.Length != (long)Count * kept)
        {
            throw new ArgumentException(
                $"a rotation of {Count} to {kept} vectors has {(long)Count * kept} entries, not {rotation.Length}",
                nameof(rotation)
            );
        }

        fixed (double* pointer = rotation)
        {
            Native.BasisRotate(_handle, pointer, Count, kept, out var error).ThrowOnFailure(error);
        }

        Count = kept;
    }

    /// <summary>
    /// Vector <paramref name="column"/> without a copy: it shares the memory of the basis, all of which lives until
    /// basis and shared vectors are disposed. What is written to one is seen in the other.
    /// </summary>
    /// <param name="column">From 0.</param>
    /// <returns>The vector, which the caller disposes.</returns>
    /// <exception cref="TorchException">There is no such vector, or the vectors lie in host memory.</exception>
    public Vector ShareColumn(int column)
    {
        Native.BasisShareColumn(_handle, column, out var handle, out var error).ThrowOnFailure(error);
        return new Vector(handle, Length, ElementType, Device);
    }

    /// <summary>
    /// Moves the vectors to host memory, to make room on the device; every operation still works, slower. No effect on
    /// a CPU basis.
    /// </summary>
    public void EvictToHost()
    {
        Native.BasisPlace(_handle, 1, out var error).ThrowOnFailure(error);
        OnHost = true;
    }

    /// <summary>Moves the vectors back to the device.</summary>
    /// <exception cref="TorchException">The device has no room.</exception>
    public void RestoreToDevice()
    {
        Native.BasisPlace(_handle, 0, out var error).ThrowOnFailure(error);
        OnHost = false;
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose() => _handle.Dispose();
}
