using CurvatureMonitor.Curvature.Statistics;
using CurvatureMonitor.Curvature.Tests.Support;
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
}
