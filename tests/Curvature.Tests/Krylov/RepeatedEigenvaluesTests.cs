using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Tests.Support;

namespace CurvatureMonitor.Curvature.Tests.Krylov;

/// <summary>A single Krylov space and the eigenvalues that it holds once.</summary>
public sealed class RepeatedEigenvaluesTests
{
    private static readonly double[] Distinct = [.. Enumerable.Range(0, 40).Select(i => Math.Pow(0.8, i))];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Copies_are_missed_exactly_where_there_are_some(bool repeated)
    {
        double[] eigenvalues = repeated ? [.. Distinct, Distinct[1]] : Distinct;
        using var symmetric = Matrices.Operator(Matrices.WithEigenvalues(eigenvalues, 3));
        using var start = Vectors.StartFor(symmetric, 5);
        using var decomposition = Lanczos.Run(symmetric, start, new LanczosOptions { Steps = 16 });
        var known = new List<Derivatives.Vector>();
        for (var i = 0; i < 4; i++)
        {
            known.Add(start.ZerosLike());
            decomposition.RitzVector(i, known[i]);
        }

        var options = new ExtremalOptions
        {
            Tolerance = 1e-2,
            MaximumSteps = 40,
            Seed = 9,
        };
        Assert.Equal(
            repeated,
            RepeatedEigenvalues.AreMissed(symmetric, known, decomposition.RitzValue(3).Value, 1e-8, options)
        );
        known.ForEach(vector => vector.Dispose());
    }

    [Fact]
    public void A_whole_space_has_no_complement_to_miss_anything_in()
    {
        using var symmetric = Matrices.Operator(Matrices.Diagonal([2, 1]));
        using var first = Derivatives.Vector.From([1.0, 0], symmetric.ElementType, symmetric.Device);
        using var second = Derivatives.Vector.From([0.0, 1], symmetric.ElementType, symmetric.Device);
        Assert.False(RepeatedEigenvalues.AreMissed(symmetric, [first, second], 1, 0, new ExtremalOptions()));
    }
}
