using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Spectra;

/// <summary>The C eigenpairs of largest magnitude by orthogonal iteration: V = AQ, Q = QR(V).</summary>
/// <remarks>
/// Papyan 2019, algorithm 5, with two additions: a Rayleigh-Ritz step (Saad, Numerical Methods for Large Eigenvalue
/// Problems, algorithm 5.3), which gives eigenvalues their sign (‖v_c‖ has none) and separates vectors within the
/// subspace, and a stop at a tolerance. The error of pair c shrinks by |λ_{C+1}/λ_c| an iteration; Lanczos needs far
/// fewer products for the same pairs, and its vectors serve <see cref="DeflatedSpectrum"/> as well. Memory: 2C vectors.
/// </remarks>
public static class SubspaceIteration
{
    // Below this share of the largest |θ| the image of a vector is rounding and not a direction.
    private const double Vanished = 1e-14;

    /// <summary>Iterates.</summary>
    /// <param name="symmetric">A.</param>
    /// <param name="options">How far.</param>
    /// <param name="cancellationToken">Looked at before every product.</param>
    /// <returns>The pairs, which the caller disposes; min(C, P) of them.</returns>
    /// <exception cref="NonFiniteException">A product was not finite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static SubspaceIterationResult Run(
        ISymmetricOperator symmetric,
        SubspaceIterationOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(symmetric);
        options ??= new SubspaceIterationOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Rank, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Iterations, 1);
        var rank = (int)Math.Min(options.Rank, symmetric.Dimension);
        var q = new Basis(symmetric.Dimension, rank, symmetric.ElementType, symmetric.Device);
        try
        {
            using var images = new Basis(symmetric.Dimension, rank, symmetric.ElementType, symmetric.Device);
            using var vector = Vector.Zeros(symmetric.Dimension, symmetric.ElementType, symmetric.Device);
            using var scratch = vector.ZerosLike();
            var draw = 0;
            for (var c = 0; c < rank; c++)
            {
                AppendRandom(q, vector, options.Seed, ref draw);
            }

            for (var iteration = 1; ; iteration++)
            {
                var ritz = RayleighRitz(symmetric, q, images, vector, scratch, iteration, cancellationToken);
                var values = Residuals(q, images, ritz, vector, scratch);
                var largest = Math.Abs(values[0].Value);
                var converged = values.All(value => value.Error <= options.Tolerance * largest);
                if (converged || iteration == options.Iterations)
                {
                    RotateInto(q, ritz.Vectors, images, vector);
                    (q, var old) = (CopyOf(images, vector), q);
                    old.Dispose();
                    return new SubspaceIterationResult(q, values, converged, iteration);
                }

                NextBasis(q, images, ritz.Vectors, vector, Vanished * largest, options.Seed, ref draw);
            }
        }
        catch
        {
            q.Dispose();
            throw;
        }
    }

    // images ← A Q, then the eigenpairs of Qᵀ A Q, largest magnitude first.
    private static (double[] Values, double[][] Vectors) RayleighRitz(
        ISymmetricOperator symmetric,
        Basis q,
        Basis images,
        Vector vector,
        Vector image,
        int iteration,
        CancellationToken cancellationToken
    )
    {
        var rank = q.Count;
        var projected = new double[rank, rank];
        var column = new double[rank];
        images.Truncate(0);
        for (var c = 0; c < rank; c++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            q.CopyColumn(c, vector);
            symmetric.Apply(vector, image);
            if (!image.IsFinite())
            {
                throw new NonFiniteException(symmetric.Name, iteration, "a product");
            }

            images.Append(image);
            q.Project(image, column);
            for (var r = 0; r < rank; r++)
            {
                // Symmetric but for rounding: the mean of both triangles.
                projected[r, c] += column[r] / 2;
                projected[c, r] += column[r] / 2;
            }
        }

        var (values, vectors) = SmallEigenproblem.Solve(projected);
        int[] order = [.. Enumerable.Range(0, rank).OrderByDescending(i => Math.Abs(values[i]))];
        return (
            [.. order.Select(i => values[i])],
            [.. order.Select(i => Enumerable.Range(0, rank).Select(r => vectors[r, i]).ToArray())]
        );
    }

    private static Estimate[] Residuals(
        Basis q,
        Basis images,
        (double[] Values, double[][] Vectors) ritz,
        Vector vector,
        Vector image
    )
    {
        var values = new Estimate[ritz.Values.Length];
        for (var c = 0; c < values.Length; c++)
        {
            q.Combine(ritz.Vectors[c], vector);
            images.Combine(ritz.Vectors[c], image);
            image.Add(vector, -ritz.Values[c]);
            values[c] = new Estimate(ritz.Values[c], image.Norm());
        }

        return values;
    }

    // Q ← QR(A Q S), columns in the order of their Ritz values; a column without a direction of its own is drawn again.
    private static void NextBasis(
        Basis q,
        Basis images,
        double[][] rotation,
        Vector vector,
        double vanished,
        long seed,
        ref int draw
    )
    {
        q.Truncate(0);
        foreach (var coefficients in rotation)
        {
            images.Combine(coefficients, vector);
            if (!AppendOrthogonal(q, vector, vanished))
            {
                AppendRandom(q, vector, seed, ref draw);
            }
        }
    }

    private static void RotateInto(Basis source, double[][] rotation, Basis destination, Vector vector)
    {
        destination.Truncate(0);
        foreach (var coefficients in rotation)
        {
            source.Combine(coefficients, vector);
            destination.Append(vector);
        }
    }

    private static Basis CopyOf(Basis source, Vector vector)
    {
        var copy = new Basis(source.Length, source.Count, source.ElementType, source.Device);
        for (var c = 0; c < source.Count; c++)
        {
            source.CopyColumn(c, vector);
            copy.Append(vector);
        }

        return copy;
    }

    private static void AppendRandom(Basis q, Vector vector, long seed, ref int draw)
    {
        do
        {
            IsotropicStart.Fill(vector, IsotropicStart.ProbeSeed(seed, draw++));
        } while (!AppendOrthogonal(q, vector, 1e-6));
    }

    // Gram-Schmidt, twice; false where nothing is left.
    private static bool AppendOrthogonal(Basis q, Vector vector, double vanished)
    {
        var before = vector.Norm();
        for (var pass = 0; pass < 2 && q.Count > 0; pass++)
        {
            q.Orthogonalise(vector);
        }

        var norm = vector.Norm();
        if (norm <= vanished || norm <= 1e-7 * before)
        {
            return false;
        }

        vector.Scale(1 / norm);

        // What is left after cancellation may again lean on the basis; as a unit vector it is cleaned once more.
        if (q.Count > 0)
        {
            q.Orthogonalise(vector);
            vector.Scale(1 / vector.Norm());
        }

        q.Append(vector);
        return true;
    }
}
