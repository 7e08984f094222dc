using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Torch.Tests;

public class SampleGroupsTests
{
    [Fact]
    public void Groups_are_cut_in_order_and_the_last_may_be_smaller()
    {
        var groups = SampleGroups.InOrder(10, 4);
        Assert.Equal([4L, 4, 2], Enumerable.Range(0, groups.Count).Select(groups.SizeOf));
        Assert.Equal(10, groups.SampleCount);
        Assert.Equal([4L, 2], Enumerable.Range(0, 2).Select(groups.Slice(1, 2).SizeOf));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Squares_of_group_gradients_equal_those_of_the_objective(int size)
    {
        using var model = TinyModels.Define(TinyModels.BatchNormCnn);
        using var samples = TinyModels.Images();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 5);
        using var theta = TinyModels.Theta(model, 3);
        using var at = new Linearization(objective, theta);
        using var centre = theta.ZerosLike();
        at.CopyGradient(centre);
        var groups = SampleGroups.InOrder(objective.SampleCount, size);
        double[] squares = new double[groups.Count];
        at.GroupGradientSquares(groups, centre, squares);
        using var gradient = theta.ZerosLike();
        for (int j = 0; j < groups.Count; j++)
        {
            long[] chosen = [.. Enumerable.Range(0, (int)groups.SizeOf(j)).Select(i => (long)((j * size) + i))];
            objective.Gradient(theta, chosen, gradient);
            gradient.Add(centre, -1);
            Assert.Equal(gradient.Dot(gradient), squares[j], 1e-12);
        }

        double[] last = new double[1];
        at.GroupGradientSquares(groups.Slice(groups.Count - 1, 1), centre, last);
        Assert.Equal(squares[^1], last[0]);
    }

    [Fact]
    public void The_whole_set_as_one_group_has_the_linearizations_own_products()
    {
        using var model = TinyModels.Define(TinyModels.BatchNormCnn);
        using var samples = TinyModels.Images();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
        using var theta = TinyModels.Theta(model, 3);
        using var at = new Linearization(objective, theta);
        using var directions = new Basis(at.ParameterCount, 2, at.ElementType, at.Device);
        using var v = TinyModels.Random(at, 1);
        directions.Append(v);
        v.Scale(-2);
        directions.Append(v);
        var whole = SampleGroups.InOrder(objective.SampleCount, objective.SampleCount);
        using var product = v.ZerosLike();
        using var other = v.ZerosLike();
        foreach (var kind in Enum.GetValues<GroupProduct>())
        {
            using var zeros = new Basis(at.ParameterCount, 2, at.ElementType, at.Device);
            other.Fill(0);
            zeros.Append(other);
            zeros.Append(other);
            double[] squares = new double[2];
            at.GroupProductSquares(kind, whole, directions, zeros, squares);
            product.Fill(0);
            if (kind != GroupProduct.GaussNewton)
            {
                at.HessianProduct(v, product);
            }

            if (kind != GroupProduct.Hessian)
            {
                at.GaussNewtonProduct(v, other);
                product.Add(other, kind == GroupProduct.Residual ? -1 : 1);
            }

            double exact = product.Dot(product);
            Assert.Equal(exact / 4, squares[0], 1e-11 * exact);
            Assert.Equal(exact, squares[1], 1e-11 * exact);
        }
    }

    [Fact]
    public void A_zero_gradient_has_no_curvature_along_it()
    {
        using var model = ScriptModel.Define(
            new("constant", "def forward(self, x: Tensor) -> Tensor:\n    return x * self.w\n", [new("w", [1])], []),
            ElementType.Float64,
            Device.Cpu
        );
        using var samples = Samples.Regression(
            new double[2],
            [2, 1],
            new double[2],
            1,
            ElementType.Float64,
            Device.Cpu
        );
        using var objective = new Objective(model, samples, Loss.MeanSquaredError, BatchNormMode.Eval, 2);
        using var theta = Vector.From([1], ElementType.Float64, Device.Cpu);
        using var at = new Linearization(objective, theta);
        double[] quotients = new double[2];
        at.GroupRayleighQuotients(GroupProduct.Hessian, SampleGroups.InOrder(2, 1), quotients);
        Assert.All(quotients, quotient => Assert.True(double.IsNaN(quotient)));
    }

    [Fact]
    public void A_sample_that_is_not_there_is_refused_in_one_line()
    {
        using var model = TinyModels.Define(TinyModels.BatchNormCnn);
        using var samples = TinyModels.Images();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
        using var theta = TinyModels.Theta(model, 3);
        using var at = new Linearization(objective, theta);
        var refused = Assert.Throws<TorchException>(() =>
            at.GroupGradientSquares(SampleGroups.Cut([objective.SampleCount], 1), theta, new double[1])
        );
        Assert.Equal(TorchErrorKind.InvalidArgument, refused.Kind);
        Assert.Contains("outside", refused.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => SampleGroups.Cut([], 1));
    }

    [Fact]
    public void A_group_that_takes_more_than_the_limit_is_refused_and_smaller_ones_still_work()
    {
        using var model = TinyModels.Define(TinyModels.BatchNormCnn);
        using var samples = TinyModels.Images();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 1);
        using var theta = TinyModels.Theta(model, 3);
        long needed;
        using (var free = new Linearization(objective, theta, new LinearizationOptions { RetainBytes = 0 }))
        {
            free.GroupGradientSquares(SampleGroups.InOrder(1, 1), theta, new double[1]);
            needed = free.PeakBytes;
        }

        using var at = new Linearization(
            objective,
            theta,
            new LinearizationOptions { RetainBytes = 0, LimitBytes = needed }
        );
        var whole = SampleGroups.InOrder(objective.SampleCount, objective.SampleCount);
        var refused = Assert.Throws<TorchException>(() => at.GroupGradientSquares(whole, theta, new double[1]));
        Assert.Equal(TorchErrorKind.OutOfMemory, refused.Kind);
        at.GroupGradientSquares(SampleGroups.InOrder(1, 1), theta, new double[1]);
    }

    [Fact]
    public void Segment_dots_are_the_layers_shares_of_the_dot_product()
    {
        using var a = Vector.From([1, 2, 3, 4, 5], ElementType.Float32, Device.Cpu);
        using var b = Vector.From([1, -1, 2, 0, 1], ElementType.Float32, Device.Cpu);
        double[] dots = new double[3];
        a.SegmentDots(b, [2, 2, 5], dots);
        Assert.Equal([-1.0, 0, 11], dots);
        Assert.Throws<TorchException>(() => a.SegmentDots(b, [6], new double[1]));
        Assert.Throws<TorchException>(() => a.SegmentDots(b, [3, 2], new double[2]));
    }
}
