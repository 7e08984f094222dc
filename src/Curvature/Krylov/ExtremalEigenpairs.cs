using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Torch;

namespace CurvatureMonitor.Curvature.Krylov;

/// <summary>The largest and smallest eigenpairs of an operator by Lanczos, stopped by the residual bounds.</summary>
/// <remarks>
/// A cold start is random; a warm start is the sum of the Ritz vectors of an earlier, similar operator plus a small random part. Either way the pairs
/// carry their residual bounds, which hold whatever the start; that no larger eigenvalue was missed holds only with the probability with which a random
/// vector sees it, less so for a warm start: start cold from time to time (<see cref="WarmStart"/> does).
/// A repeated eigenvalue is found once, unless the Krylov space closes with fewer vectors than pairs were asked for: then the search goes on in the
/// orthogonal complement.
/// </remarks>
public static class ExtremalEigenpairs
{
    /// <summary>Finds the ends of the spectrum of <paramref name="symmetric"/>.</summary>
    /// <param name="symmetric">A.</param>
    /// <param name="options">Which ends, and how well.</param>
    /// <param name="previous">Vectors [P] of an earlier operator's extremal pairs; null or empty for a cold start.</param>
    /// <param name="progress">Told after every step.</param>
    /// <param name="cancellationToken">Looked at before every product.</param>
    /// <returns>The pairs; the caller disposes it. Look at <see cref="ExtremalResult.Converged"/>.</returns>
    /// <exception cref="ArgumentException">The options make no sense, or a vector does not fit the operator.</exception>
    /// <exception cref="NonFiniteException">A product was not finite.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ExtremalResult Find(
        ISymmetricOperator symmetric,
        ExtremalOptions? options = null,
        IReadOnlyList<Vector>? previous = null,
        IProgress<LanczosProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(symmetric);
        options ??= new ExtremalOptions();
        options.Validate();
        var before = symmetric.Products;
        var warm = previous is { Count: > 0 };
        using var start = StartVector(symmetric, options, previous ?? []);
        using var process = new LanczosProcess(symmetric, start, options.MaximumSteps, options.BreakdownTolerance);

        // Below this many steps the two ends would share Ritz pairs.
        var needed = (int)Math.Min((long)options.Top + options.Bottom, symmetric.Dimension);
        var nextCheck = warm ? needed : Math.Max(needed, options.MinimumColdSteps);
        var converged = false;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            process.Step();
            progress?.Report(new LanczosProgress(process.Steps, process.MaximumSteps, process.Alpha[^1], process.Beta[^1]));
            if (process.InvariantSubspace && process.Steps < needed && process.Steps < process.MaximumSteps)
            {
                process.Restart(IsotropicStart.ProbeSeed(options.Seed, process.Steps));
            }
            else if (process.Steps >= nextCheck || !process.CanStep)
            {
                converged = process.Steps >= needed && EndsHaveConverged(process, options);
                if (converged || !process.CanStep)
                {
                    break;
                }

                nextCheck = process.Steps + Math.Max(options.CheckEvery, process.Steps / 10);
            }
        }

        using var decomposition = process.Finish();
        return Extract(decomposition, options, converged, symmetric.Products - before, warm);
    }

    private static Vector StartVector(ISymmetricOperator symmetric, ExtremalOptions options, IReadOnlyList<Vector> previous)
    {
        foreach (var vector in previous)
        {
            if (vector.Length != symmetric.Dimension || vector.ElementType != symmetric.ElementType)
            {
                throw new ArgumentException(
                    $"a previous vector ({vector.Length} {vector.ElementType}) does not fit the operator ({symmetric.Dimension} {symmetric.ElementType})",
                    nameof(previous));
            }
        }

        var start = Vector.Zeros(symmetric.Dimension, symmetric.ElementType, symmetric.Device);
        IsotropicStart.Fill(start, options.Seed);
        if (previous.Count == 0)
        {
            return start;
        }

        using var sum = start.ZerosLike();
        foreach (var vector in previous)
        {
            sum.Add(vector);
        }

        var norm = sum.Norm();
        if (double.IsFinite(norm) && norm > 0)
        {
            start.Scale(options.RandomShare);
            start.Add(sum, 1 / norm);
        }

        return start;
    }

    private static bool EndsHaveConverged(LanczosProcess process, ExtremalOptions options)
    {
        if (process.InvariantSubspace)
        {
            return true;
        }

        var system = TridiagonalEigensolver.Solve(process.Alpha, process.Beta);
        var largest = Math.Max(Math.Abs(system.Values[0]), Math.Abs(system.Values[^1]));
        var tolerance = Math.Max(options.Tolerance * largest, process.RoundingBound);
        var beta = process.Beta[^1];
        for (var i = 0; i < system.Count; i++)
        {
            var wanted = i < options.Top || i >= system.Count - options.Bottom;
            if (wanted && Math.Abs(beta * system.Last(i)) > tolerance)
            {
                return false;
            }
        }

        return true;
    }

    private static ExtremalResult Extract(LanczosDecomposition decomposition, ExtremalOptions options, bool converged, long products, bool warm)
    {
        var pairs = decomposition.RitzPairs;
        var top = Enumerable.Range(0, Math.Min(options.Top, pairs.Count)).ToArray();
        var bottom = Enumerable.Range(0, Math.Min(options.Bottom, pairs.Count)).Select(i => pairs.Count - 1 - i).ToArray();
        return new ExtremalResult(
            [.. top.Select(i => pairs[i])],
            [.. bottom.Select(i => pairs[i])],
            options.ComputeVectors ? Vectors(decomposition, top) : [],
            options.ComputeVectors ? Vectors(decomposition, bottom) : [],
            decomposition.RoundingBound)
        {
            Converged = converged,
            Steps = decomposition.Steps,
            Products = products,
            InvariantSubspace = decomposition.InvariantSubspace,
            WarmStarted = warm,
        };
    }

    private static Vector[] Vectors(LanczosDecomposition decomposition, int[] indices)
    {
        var vectors = new Vector[indices.Length];
        for (var k = 0; k < vectors.Length; k++)
        {
            vectors[k] = Vector.Zeros(decomposition.Basis.Length, decomposition.Basis.ElementType, decomposition.Basis.Device);
            decomposition.RitzVector(indices[k], vectors[k]);
        }

        return vectors;
    }
}
