using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Krylov;

/// <summary>Takes Ritz vectors out of a decomposition within a budget of vectors.</summary>
internal static class RitzVectors
{
    /// <summary>
    /// The unit Ritz vectors of the pairs at <paramref name="top"/> and <paramref name="bottom"/>. The decomposition is
    /// not used afterwards.
    /// </summary>
    /// <remarks>
    /// Copies, where basis and copies fit the budget together: then the basis is freed. Otherwise the basis is turned
    /// into the Ritz vectors in place, and the vectors share its memory, all of which lives as long as any of them.
    /// </remarks>
    internal static (Vector[] Top, Vector[] Bottom) Take(
        LanczosDecomposition decomposition,
        int[] top,
        int[] bottom,
        int budget
    )
    {
        decomposition.Next?.Dispose();
        var taken = new List<Vector>(top.Length + bottom.Length);
        try
        {
            var basis = decomposition.Basis;
            if (basis.Capacity + top.Length + bottom.Length <= budget || basis.OnHost)
            {
                foreach (var index in top.Concat(bottom))
                {
                    taken.Add(Vector.Zeros(basis.Length, basis.ElementType, basis.Device));
                    decomposition.RitzVector(index, taken[^1]);
                }
            }
            else
            {
                int[] columns = [.. top.Concat(bottom).Distinct()];
                decomposition.RotateToRitzVectors(columns);
                taken.AddRange(top.Concat(bottom).Select(index => basis.ShareColumn(Array.IndexOf(columns, index))));
            }
        }
        catch
        {
            taken.ForEach(vector => vector.Dispose());
            throw;
        }

        return ([.. taken.Take(top.Length)], [.. taken.Skip(top.Length)]);
    }
}
