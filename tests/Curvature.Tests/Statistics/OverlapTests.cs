using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Curvature.Tests.Support;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

/// <summary>Overlaps of single vectors and of random spaces.</summary>
public class OverlapTests
{
    [Fact]
    public void Overlaps_are_squared_cosines_row_by_earlier_and_column_by_current()
    {
        using var x = Vector.From([1, 0, 0], ElementType.Float64, Device.Cpu);
        using var y = Vector.From([0, 2, 0], ElementType.Float64, Device.Cpu);
        using var diagonal = Vector.From([3, 3, 0], ElementType.Float64, Device.Cpu);
        using var z = Vector.From([0, 0, 1], ElementType.Float64, Device.Cpu);
        var overlaps = Eigenspaces.Overlaps([x, diagonal], [y, diagonal, z]);
        double[][] exact =
        [
            [0, 0.5, 0],
            [0.5, 1, 0],
        ];
        Assert.Equal(2, overlaps.Count);
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(exact[i], overlaps[i].Select(value => Math.Round(value, 14)));
        }

        Assert.Equal(0.5, Eigenspaces.SubspaceOverlap([x, z], [y, z])!.Value, 1e-14);
        Assert.Equal(0.5, Eigenspaces.Alignment(diagonal, [x, z])!.Value, 1e-14);
        Assert.Equal([0.5, 0.0], Eigenspaces.Alignments(diagonal, [x, z]).Select(value => Math.Round(value, 14)));
    }

    [Fact]
    public void Random_spaces_overlap_as_their_dimensions_over_the_whole()
    {
        const int dimension = 400;
        Vector[] first = [.. Enumerable.Range(0, 20).Select(i => Vectors.Random(dimension, i))];
        Vector[] second = [.. Enumerable.Range(0, 10).Select(i => Vectors.Random(dimension, 100 + i))];
        Assert.Equal(20.0 / dimension, Eigenspaces.SubspaceOverlap(first, second)!.Value, 0.02);
        Array.ForEach([.. first, .. second], vector => vector.Dispose());
    }
}
