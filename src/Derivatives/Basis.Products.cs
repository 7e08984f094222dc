using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives;

/// <content>Products with V and its transpose.</content>
public sealed partial class Basis
{
    private const long HostBlock = 1 << 13;
    private const long DeviceBlock = 1 << 18;

    /// <summary>c = Vᵀ w.</summary>
    /// <param name="w">A vector of length P.</param>
    /// <param name="coefficients">Receives the <see cref="Count"/> coefficients.</param>
    /// <exception cref="DerivativeException">Lengths or element types differ.</exception>
    public void Project(Vector w, Span<double> coefficients)
    {
        RequireFit(w);
        if (coefficients.Length != Count)
        {
            throw Arguments.Invalid(
                $"room for {coefficients.Length} coefficients, the basis has {Count} vectors"
            );
        }

        using var projection = Calls.Make(() => ProjectionOf(w.Values).to(ScalarType.Float64, CPU));
        HostTensor.Read(projection, coefficients);
    }

    /// <summary>w ← w − V c.</summary>
    /// <param name="w">A vector of length P.</param>
    /// <param name="coefficients">c, <see cref="Count"/> numbers.</param>
    /// <exception cref="DerivativeException">Lengths or element types differ.</exception>
    public void Subtract(Vector w, ReadOnlySpan<double> coefficients)
    {
        RequireFit(w);
        using var c = CoefficientsOf(coefficients);
        Calls.Do(() => SubtractFrom(w.Values, c));
    }

    /// <summary>destination ← V c.</summary>
    /// <param name="coefficients">c, <see cref="Count"/> numbers.</param>
    /// <param name="destination">A vector of length P.</param>
    /// <exception cref="DerivativeException">Lengths or element types differ.</exception>
    public void Combine(ReadOnlySpan<double> coefficients, Vector destination)
    {
        RequireFit(destination);
        using var c = CoefficientsOf(coefficients);
        Calls.Do(() => destination.Values.copy_(Used.t().mv(c)));
    }

    /// <summary>One classical Gram-Schmidt pass, w ← w − V (Vᵀ w); the coefficients stay on the device.</summary>
    /// <exception cref="DerivativeException">Lengths or element types differ.</exception>
    public void Orthogonalise(Vector w)
    {
        RequireFit(w);
        if (Count > 0)
        {
            Calls.Do(() => SubtractFrom(w.Values, ProjectionOf(w.Values)));
        }
    }

    /// <summary>
    /// V ← V Q in place, after which there are k′ vectors: a restart's change of basis. In float64 whatever the element
    /// type, so that a rotation adds the rounding of storing its result to the loss of orthogonality and no more;
    /// beyond V it takes memory for a small block of rows alone.
    /// </summary>
    /// <param name="rotation">Q [<see cref="Count"/>, k′], row-major. With orthonormal columns it keeps an orthonormal
    /// V orthonormal.</param>
    /// <param name="kept">k′, at most <see cref="Count"/>.</param>
    /// <exception cref="ArgumentException">Q has another size.</exception>
    /// <exception cref="DerivativeException">k′ is negative or larger than <see cref="Count"/>.</exception>
    public void Rotate(ReadOnlySpan<double> rotation, int kept)
    {
        if (rotation.Length != (long)Count * kept)
        {
            throw new ArgumentException(
                $"a rotation of {Count} to {kept} vectors has {(long)Count * kept} entries, not {rotation.Length}",
                nameof(rotation)
            );
        }

        if (kept < 0 || kept > Count)
        {
            throw Arguments.Invalid($"a rotation of {Count} to {kept} vectors for a basis of {Count}");
        }

        using var q = HostTensor.From(rotation, [Count, kept], ScalarType.Float64);
        Calls.Do(() => RotateBy(q, kept));
        Count = kept;
    }

    private void RotateBy(Tensor q, int kept)
    {
        var transposed = q.t().to(_rows.device).contiguous();
        long block = _rows.device_type == TorchSharp.DeviceType.CPU ? HostBlock : DeviceBlock;
        for (long first = 0; first < Length; first += block)
        {
            using var scope = NewDisposeScope();
            var part = _rows.narrow(1, first, Math.Min(block, Length - first));
            part.narrow(0, 0, kept).copy_(transposed.mm(part.narrow(0, 0, Count).to(ScalarType.Float64)));
        }
    }

    private Tensor ProjectionOf(Tensor w) => Used.mv(w.to(_rows.device));

    private void SubtractFrom(Tensor w, Tensor coefficients)
    {
        if (w.device_type == _rows.device_type)
        {
            w.addmv_(Used.t(), coefficients, 1, -1);
        }
        else
        {
            w.sub_(Used.t().mv(coefficients).to(w.device));
        }
    }

    private Tensor CoefficientsOf(ReadOnlySpan<double> values)
    {
        if (values.Length != Count)
        {
            throw Arguments.Invalid($"{values.Length} coefficients for a basis of {Count} vectors");
        }

        var host = HostTensor.From(values, [values.Length], ScalarType.Float64);
        var converted = Calls.Make(() => host.to(_rows.dtype, _rows.device));
        if (!ReferenceEquals(converted, host))
        {
            host.Dispose();
        }

        return converted;
    }
}
