using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Krylov;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Curvature.Tests.Support;
using CurvatureMonitor.Torch;
using FsCheck;
using FsCheck.Fluent;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

public class EigenspacesTests
{
    [Fact]
    public void Overlap_of_a_space_with_itself_is_one_whatever_the_basis_and_the_lengths() =>
        Prop.ForAll(Gen.Choose(0, 100_000).ToArbitrary(), seed =>
            {
                using var a = Vectors.Random(30, seed);
                using var b = Vectors.Random(30, seed + 1);
                using var mixed = a.Clone();
                mixed.Scale(-3);
                mixed.Add(b, 0.5);
                Assert.Equal(1, Eigenspaces.SubspaceOverlap([a, b], [b, mixed])!.Value, 1e-12);
                Assert.Equal(1, Eigenspaces.SubspaceOverlap([a, b], [mixed])!.Value, 1e-12);
                Assert.Equal(1, Eigenspaces.Alignment(mixed, [a, b])!.Value, 1e-12);
                Assert.Equal(1, Eigenspaces.Overlaps([a], [a])[0][0], 1e-12);
            })
            .QuickCheckThrowOnFailure();

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

    [Fact]
    public void Curvature_along_a_direction_is_its_rayleigh_quotient()
    {
        var matrix = Matrices.Named("random");
        using var symmetric = Matrices.Operator(matrix);
        using var found = ExtremalEigenpairs.Find(
            symmetric,
            new ExtremalOptions
            {
                Top = 2,
                Bottom = 0,
                Tolerance = 1e-12,
            }
        );
        found.TopVectors[1].Scale(7);
        var along = Eigenspaces.Curvature(symmetric, found.TopVectors);
        var exact = Matrices.Eigenvalues(matrix);
        Assert.Equal(exact[0], along[0].Value, 1e-10);
        Assert.Equal(exact[1], along[1].Value, 1e-10);
        Assert.All(along, value => Assert.InRange(value.Error, 1e-16, 1e-12));
    }

    [Fact]
    public void What_has_no_meaning_is_absent_or_refused()
    {
        using var v = Vectors.Random(5, 1);
        using var zero = v.ZerosLike();
        using var other = Vectors.Random(6, 1);
        Assert.Null(Eigenspaces.SubspaceOverlap([], [v]));
        Assert.Null(Eigenspaces.Alignment(zero, [v]));
        Assert.Null(Eigenspaces.Alignment(v, []));
        Assert.Empty(Eigenspaces.Alignments(zero, [v]));
        Assert.Throws<ArgumentException>(() => Eigenspaces.Overlaps([v], [zero]));
        Assert.Throws<ArgumentException>(() => Eigenspaces.SubspaceOverlap([v], [v, other]));
    }

    [Fact]
    public void Tracking_ties_the_earlier_vectors_the_current_ones_and_the_gradient_together()
    {
        using var model = new TinyModel();
        var statistics = new CurvatureStatistics(model.Linearization, TimeProvider.System);
        using var top = ExtremalEigenpairs.Find(
            new HessianOperator(model.Linearization),
            new ExtremalOptions
            {
                Top = 2,
                Bottom = 0,
                Tolerance = 1e-10,
            }
        );
        using var earlier = Vectors.Random(model.ParameterCount, 9);
        var tracked = statistics.Track(OperatorKind.Hessian, [top.TopVectors[0], earlier], top.TopVectors);
        Assert.Equal(top.Top[0].Value, tracked.Curvature[0].Value, 1e-8);
        Assert.Equal(1, tracked.Overlap[0][0], 1e-8);
        Assert.Equal(0, tracked.Overlap[0][1], 1e-8);
        Assert.InRange(tracked.SubspaceOverlap!.Value, 0.5, 1);
        Assert.Equal(tracked.GradientAlignment!.Value, tracked.GradientAlignments.Sum(), 1e-8);
        Assert.Equal(2, tracked.Cost.CurvatureProducts);
        Assert.Equal("tracking", tracked.Analysis);
    }

    [Fact]
    public void Weight_norms_add_up_over_the_layers()
    {
        using var model = new TinyModel();
        var norms = new CurvatureStatistics(model.Linearization, TimeProvider.System).WeightNorms(model.Theta);
        var theta = model.Theta.ToArray();
        Assert.Equal(Math.Sqrt(theta.Sum(x => x * x)), norms.Norm.Value, 1e-14);
        Assert.Equal(theta.Max(Math.Abs), norms.Maximum.Value);
        Assert.Equal(Math.Sqrt(theta[..6].Sum(x => x * x)), norms.Layers[0].Estimate.Value, 1e-14);
        Assert.Equal(
            norms.Norm.Value * norms.Norm.Value,
            norms.Layers.Sum(layer => layer.Estimate.Value * layer.Estimate.Value),
            1e-12
        );
    }
}
