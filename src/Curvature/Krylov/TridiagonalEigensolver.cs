using System.Runtime.InteropServices;
using Lanes = System.Numerics.Vector<double>;

namespace CurvatureMonitor.Curvature.Krylov;

/// <summary>Eigenvalues and eigenvectors of symmetric tridiagonal matrices, in float64.</summary>
/// <remarks>
/// Implicit QL with Wilkinson's shift (Bowdler, Martin, Reinsch and Wilkinson 1968; Golub and Van Loan, Matrix
/// Computations, section 8.3): T ← QᵀTQ until the off-diagonal is negligible. Backward stable: every eigenvalue is
/// right to a few units of rounding of ‖T‖. Cost: O(m²) for the eigenvalues with the ends of the eigenvectors, O(m³)
/// for the eigenvectors in full.
/// </remarks>
public static class TridiagonalEigensolver
{
    // Three sweeps an eigenvalue are the rule; this many mean that the input was not what it should be.
    private const int MaximumSweeps = 80;

    private const double Epsilon = 2.220446049250313e-16;

    /// <summary>Decomposes T.</summary>
    /// <param name="diagonal">[m], α.</param>
    /// <param name="offDiagonal">[m − 1 or more], β: entry j couples rows j and j + 1; what is beyond is
    /// ignored.</param>
    /// <param name="vectors">Whether to compute the eigenvectors in full; otherwise only their first and last
    /// entries.</param>
    /// <exception cref="ArgumentException">m is 0, the off-diagonal is too short, or an entry is not
    /// finite.</exception>
    /// <exception cref="CurvatureException">The iteration did not converge.</exception>
    public static TridiagonalEigensystem Solve(
        ReadOnlySpan<double> diagonal,
        ReadOnlySpan<double> offDiagonal,
        bool vectors = false
    )
    {
        var m = diagonal.Length;
        if (m == 0 || offDiagonal.Length < m - 1)
        {
            throw new ArgumentException(
                $"a tridiagonal matrix has m > 0 diagonal and m - 1 off-diagonal entries, not {m} and "
                    + $"{offDiagonal.Length}"
            );
        }

        // e has one entry more than T has couplings; the last is workspace and stays zero between sweeps.
        var d = diagonal.ToArray();
        var e = new double[m];
        offDiagonal[..(m - 1)].CopyTo(e);
        var scale = Normalise(d, e);

        var stride = vectors ? m : Math.Min(m, 2);
        var z = new double[checked(m * stride)];
        for (var i = 0; i < m; i++)
        {
            if (vectors)
            {
                z[(i * stride) + i] = 1;
            }
        }

        if (!vectors)
        {
            z[0] = 1;
            z[^1] = 1;
        }

        for (var l = 0; l < m; l++)
        {
            Isolate(d, e, z, stride, l);
        }

        for (var i = 0; i < m; i++)
        {
            d[i] *= scale;
        }

        return new TridiagonalEigensystem(d, z, stride);
    }

    // Divides T by its largest entry, so that no square overflows or vanishes; returns that entry.
    private static double Normalise(Span<double> d, Span<double> e)
    {
        var largest = 0.0;
        for (var i = 0; i < d.Length; i++)
        {
            if (!double.IsFinite(d[i]) || !double.IsFinite(e[i]))
            {
                throw new ArgumentException($"row {i} of the tridiagonal matrix is not finite");
            }

            largest = Math.Max(largest, Math.Max(Math.Abs(d[i]), Math.Abs(e[i])));
        }

        if (largest == 0)
        {
            return 0;
        }

        for (var i = 0; i < d.Length; i++)
        {
            d[i] /= largest;
            e[i] /= largest;
        }

        return largest;
    }

    // QL sweeps on the unreduced block that starts at row l, until row l is uncoupled and d[l] is an eigenvalue.
    private static void Isolate(double[] d, double[] e, double[] z, int stride, int l)
    {
        for (var sweep = 0; ; sweep++)
        {
            var end = l;
            while (end < d.Length - 1 && Math.Abs(e[end]) > Epsilon * (Math.Abs(d[end]) + Math.Abs(d[end + 1])))
            {
                end++;
            }

            if (end == l)
            {
                return;
            }

            if (sweep == MaximumSweeps)
            {
                throw new CurvatureException(
                    $"the tridiagonal eigenproblem of size {d.Length} did not converge in {MaximumSweeps} sweeps at "
                        + $"row {l}"
                );
            }

            Sweep(d, e, z, stride, l, end);
        }
    }

    // One implicitly shifted QL sweep over rows l..end: a bulge enters at the bottom and is chased to the top by plane
    // rotations.
    private static void Sweep(double[] d, double[] e, double[] z, int stride, int l, int end)
    {
        var half = (d[l + 1] - d[l]) / (2 * e[l]);
        var shift = d[l] - (e[l] / (half + Math.CopySign(double.Hypot(half, 1), half)));
        var bulge = d[end] - shift;
        var sine = 1.0;
        var cosine = 1.0;
        var carried = 0.0;
        for (var i = end - 1; i >= l; i--)
        {
            var coupled = sine * e[i];
            var remaining = cosine * e[i];
            var radius = double.Hypot(coupled, bulge);
            e[i + 1] = radius;
            if (radius == 0)
            {
                // The block came apart on its own: undo the pending shift and look for the new, smaller block.
                d[i + 1] -= carried;
                e[end] = 0;
                return;
            }

            sine = coupled / radius;
            cosine = bulge / radius;
            var shifted = d[i + 1] - carried;
            var mixed = ((d[i] - shifted) * sine) + (2 * cosine * remaining);
            carried = sine * mixed;
            d[i + 1] = shifted + carried;
            bulge = (cosine * mixed) - remaining;
            Rotate(z.AsSpan(i * stride, stride), z.AsSpan((i + 1) * stride, stride), cosine, sine);
        }

        d[l] -= carried;
        e[l] = bulge;
        e[end] = 0;
    }

    // (x, y) ← (c x − s y, s x + c y)
    private static void Rotate(Span<double> x, Span<double> y, double cosine, double sine)
    {
        var wideX = MemoryMarshal.Cast<double, Lanes>(x);
        var wideY = MemoryMarshal.Cast<double, Lanes>(y);
        for (var i = 0; i < wideX.Length; i++)
        {
            var first = wideX[i];
            var second = wideY[i];
            wideX[i] = (first * cosine) - (second * sine);
            wideY[i] = (first * sine) + (second * cosine);
        }

        for (var i = wideX.Length * Lanes.Count; i < x.Length; i++)
        {
            var first = x[i];
            var second = y[i];
            x[i] = (cosine * first) - (sine * second);
            y[i] = (sine * first) + (cosine * second);
        }
    }
}
