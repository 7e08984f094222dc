using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Curvature.Operators;
using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Curvature.Tests.Statistics;

/// <summary>Diagonal blocks of operators.</summary>
public sealed class BlockOperatorTests
{
    [Fact]
    public void A_block_is_rows_and_columns_of_the_whole()
    {
        double[,] matrix =
        {
            { 1, 2, 3 },
            { 2, 5, 7 },
            { 3, 7, -4 },
        };
        using var dense = new DenseOperator(matrix, ElementType.Float64, Device.Cpu);
        using var block = new BlockOperator(dense, "two", (1, 2));
        using var v = Vector.From([10.0, 1], ElementType.Float64, Device.Cpu);
        using var w = v.ZerosLike();
        block.Apply(v, w);
        Assert.Equal([57.0, 66], w.ToArray());
        Assert.Equal(2, block.Dimension);
        Assert.Throws<ArgumentOutOfRangeException>(() => new BlockOperator(dense, "beyond", (1, 3)));
    }
}
