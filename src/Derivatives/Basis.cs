using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using static TorchSharp.torch;
using Device = CurvatureMonitor.Contracts.Models.Device;

namespace CurvatureMonitor.Derivatives;

/// <summary>
/// Up to m vectors v₁ … v_k as one matrix V [P × k] on a device, so that a Gram-Schmidt pass is two matrix-vector
/// products. Memory for all m is taken at creation.
/// </summary>
public sealed partial class Basis : IDisposable
{
    // Row i is vector i: each vector is contiguous, and Vᵀw reads the matrix in order.
    private Tensor _rows;
    private bool _disposed;

    /// <summary>Creates an empty basis with room for <paramref name="capacity"/> vectors.</summary>
    /// <param name="length">P.</param>
    /// <param name="capacity">m, 1 or more.</param>
    /// <param name="type">The element type.</param>
    /// <param name="device">The device.</param>
    /// <param name="onHost">Whether the vectors lie in host memory from the start, where the device has no room for
    /// them; see <see cref="EvictToHost"/>.</param>
    /// <exception cref="DerivativeException">No memory for P · m numbers, or the device is not here.</exception>
    public Basis(long length, int capacity, ElementType type, Device device, bool onHost = false)
    {
        ArgumentNullException.ThrowIfNull(device);
        AvailableDevice.Check(device);
        if (length < 0 || capacity < 1)
        {
            throw Arguments.Invalid("a basis needs room for at least one vector");
        }

        var place = onHost ? Device.Cpu : device;
        _rows = Calls.Make(() => empty([capacity, length], type.ToTorch(), place.ToTorch()));
        (Length, Capacity, ElementType, Device, OnHost) = (length, capacity, type, device, onHost);
        ObjectCounts.Add(ObjectCounts.Kind.Basis);
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

    /// <summary>Whether the vectors lie in host memory; see <see cref="EvictToHost"/>.</summary>
    public bool OnHost { get; private set; }

    /// <summary>V as rows [k, P]; a view in the caller's dispose scope.</summary>
    internal Tensor Used => _rows.narrow(0, 0, Count);

    /// <summary>Appends a copy of <paramref name="v"/>.</summary>
    /// <exception cref="DerivativeException">The basis is full, or length or element type differ.</exception>
    public void Append(Vector v)
    {
        RequireFit(v);
        if (Count == Capacity)
        {
            throw Arguments.Invalid($"the basis is full: it has room for {Capacity} vectors");
        }

        Calls.Do(() => _rows.select(0, Count).copy_(v.Values));
        Count++;
    }

    /// <summary>Keeps the first <paramref name="count"/> vectors.</summary>
    /// <exception cref="DerivativeException">There are fewer.</exception>
    public void Truncate(int count)
    {
        if (count < 0 || count > Count)
        {
            throw Arguments.Invalid($"cannot keep {count} of {Count} vectors");
        }

        Count = count;
    }

    /// <summary>Copies vector <paramref name="column"/> (from 0) to <paramref name="destination"/>.</summary>
    /// <exception cref="DerivativeException">There is no such vector, or length or element type differ.</exception>
    public void CopyColumn(int column, Vector destination)
    {
        RequireFit(destination);
        RequireColumn(column);
        Calls.Do(() => destination.Values.copy_(_rows.select(0, column)));
    }

    /// <summary>
    /// Vector <paramref name="column"/> without a copy: it shares the memory of the basis, all of which lives until
    /// basis and shared vectors are disposed. Both see what is written to either.
    /// </summary>
    /// <param name="column">From 0.</param>
    /// <returns>The vector, which the caller disposes.</returns>
    /// <exception cref="DerivativeException">There is no such vector, or the vectors lie in host memory.</exception>
    public Vector ShareColumn(int column)
    {
        RequireColumn(column);
        if (OnHost && Device.IsCuda)
        {
            throw Arguments.Invalid(
                "an evicted basis cannot share its vectors: restore it to the device, or copy them"
            );
        }

        return new Vector(Calls.Make(() => _rows.select(0, column)), ElementType, Device);
    }

    /// <summary>
    /// Moves the vectors to host memory, to make room on the device; every operation still works, slower. No effect on
    /// a CPU basis.
    /// </summary>
    public void EvictToHost() => Place(Device.Cpu, onHost: true);

    /// <summary>Moves the vectors back to the device.</summary>
    /// <exception cref="DerivativeException">The device has no room.</exception>
    public void RestoreToDevice() => Place(Device, onHost: false);

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _rows.Dispose();
            ObjectCounts.Remove(ObjectCounts.Kind.Basis);
        }
    }

    private void Place(Device place, bool onHost)
    {
        var moved = Calls.Make(() => _rows.to(place.ToTorch()));
        if (!ReferenceEquals(moved, _rows))
        {
            _rows.Dispose();
            _rows = moved;
        }

        OnHost = onHost;
    }

    private void RequireColumn(int column)
    {
        if (column < 0 || column >= Count)
        {
            throw Arguments.Invalid($"vector {column} of a basis of {Count}");
        }
    }

    private void RequireFit(Vector vector)
    {
        ArgumentNullException.ThrowIfNull(vector);
        Arguments.RequireLength(vector.Length, Length, "the vector");
        if (vector.ElementType != ElementType)
        {
            throw Arguments.Invalid("the vector's element type is not the basis's");
        }
    }
}
