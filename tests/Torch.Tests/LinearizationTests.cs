using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Torch.Tests;

public sealed class LinearizationTests
{
    [Theory]
    [InlineData(BatchNormMode.Train)]
    [InlineData(BatchNormMode.Eval)]
    public void Hessian_products_agree_with_central_differences_of_gradients(BatchNormMode mode)
    {
        using var model = TinyModels.Define(TinyModels.BatchNormCnn);
        using var samples = TinyModels.Images();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, mode, 4);
        using var theta = TinyModels.Theta(model, 5);
        using var at = new Linearization(objective, theta);
        using var v = TinyModels.Random(at, 1);
        using var w = v.ZerosLike();
        at.HessianProduct(v, w);
        Derivatives.AssertClose(Derivatives.HessianProduct(objective, theta, v), w, 1e-7);
    }

    [Fact]
    public void The_Hessian_in_recompute_mode_is_that_of_fixed_recomputed_statistics()
    {
        using var model = TinyModels.Define(TinyModels.BatchNormCnn);
        using var samples = TinyModels.Images();
        using var recompute = new Objective(
            model,
            samples,
            Loss.CrossEntropy,
            BatchNormMode.Recompute,
            TinyModels.Samples
        );
        using var eval = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, TinyModels.Samples);
        using var theta = TinyModels.Theta(model, 5);
        using var buffers = Vector.Zeros(4, ElementType.Float64, Device.Cpu);
        using var gradient = theta.ZerosLike();
        eval.TrainingGradient(theta, [.. Enumerable.Range(0, TinyModels.Samples)], gradient);
        eval.GetBuffers(buffers);
        double[] old = [0.3, -0.2, 1.5, 0.7];
        buffers.CopyFrom(buffers.ToArray().Zip(old, (u, o) => (u - (0.9 * o)) / 0.1).ToArray());
        eval.SetBuffers(buffers);

        using var first = new Linearization(recompute, theta);
        using var second = new Linearization(eval, theta);
        using var v = TinyModels.Random(first, 1);
        using var w = v.ZerosLike();
        using var expected = v.ZerosLike();
        first.HessianProduct(v, w);
        second.HessianProduct(v, expected);
        Derivatives.AssertClose(expected.ToArray(), w, 1e-11);
    }

    [Theory]
    [InlineData(BatchNormMode.Train)]
    [InlineData(BatchNormMode.Eval)]
    public void Jacobian_products_are_adjoint_and_the_vector_Jacobian_product_gives_the_gradient(BatchNormMode mode)
    {
        using var model = TinyModels.Define(TinyModels.BatchNormCnn);
        using var samples = TinyModels.Images();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, mode, 4);
        using var theta = TinyModels.Theta(model, 5);
        using var at = new Linearization(objective, theta);
        using var v = TinyModels.Random(at, 1);
        using var u = Vector.Zeros(at.OutputCount, ElementType.Float64, Device.Cpu);
        u.FillNormal(2);
        using var jv = u.ZerosLike();
        using var jtu = v.ZerosLike();
        at.JacobianProduct(v, jv);
        at.VectorJacobianProduct(u, jtu);
        Assert.Equal(u.Dot(jv), v.Dot(jtu), 1e-11 * Math.Abs(u.Dot(jv)));
    }

    [Fact]
    public void The_Gauss_Newton_product_is_the_output_Hessian_between_Jacobians()
    {
        using var model = TinyModels.Define(TinyModels.Mlp);
        using var samples = TinyModels.Targets();
        using var objective = new Objective(model, samples, Loss.MeanSquaredError, BatchNormMode.Eval, 4);
        using var theta = TinyModels.Theta(model, 5);
        using var at = new Linearization(objective, theta);
        using var v = TinyModels.Random(at, 1);
        using var jv = Vector.Zeros(at.OutputCount, ElementType.Float64, Device.Cpu);
        using var expected = v.ZerosLike();
        using var w = v.ZerosLike();
        at.JacobianProduct(v, jv);
        jv.Scale(2.0 / TinyModels.Classes / TinyModels.Samples);
        at.VectorJacobianProduct(jv, expected);
        at.GaussNewtonProduct(v, w);
        Derivatives.AssertClose(expected.ToArray(), w, 1e-13);
    }

    [Fact]
    public void Gauss_Newton_equals_the_Hessian_where_the_model_is_linear()
    {
        using var model = TinyModels.Define(
            new ScriptModelSource(
                "softmax",
                "def forward(self, x: Tensor) -> Tensor:\n    return torch.linear(x, self.w, self.b)\n",
                [new("w", [3, 6]), new("b", [3])],
                []
            )
        );
        using var samples = TinyModels.Vectors();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
        using var theta = TinyModels.Theta(model, 5);
        using var at = new Linearization(objective, theta);
        using var v = TinyModels.Random(at, 1);
        using var h = v.ZerosLike();
        using var g = v.ZerosLike();
        at.HessianProduct(v, h);
        at.GaussNewtonProduct(v, g);
        Derivatives.AssertClose(h.ToArray(), g, 1e-13);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(long.MaxValue, 3)]
    public void Retained_and_rebuilt_graphs_give_the_same_products(long budget, int retained)
    {
        using var model = TinyModels.Define(TinyModels.BatchNormCnn, ElementType.Float32);
        using var samples = TinyModels.Images(ElementType.Float32);
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Train, 4);
        using var theta = TinyModels.Theta(model, 5);
        using var at = new Linearization(objective, theta, new LinearizationOptions { RetainBytes = budget });
        using var reference = new Linearization(objective, theta);
        using var v = TinyModels.Random(at, 1);
        using var w = v.ZerosLike();
        using var expected = v.ZerosLike();
        reference.HessianProduct(v, expected);
        for (int i = 0; i < 3; i++)
        {
            at.HessianProduct(v, w);
            Assert.Equal(expected.ToArray(), w.ToArray());
        }

        // Jv comes from the retained gradient graph, or else by forward mode: equal but for rounding.
        reference.GaussNewtonProduct(v, expected);
        at.GaussNewtonProduct(v, w);
        Derivatives.AssertClose(expected.ToArray(), w, 1e-5);
        Assert.Equal(3, at.MicroBatches);
        Assert.Equal(retained, at.RetainedMicroBatches);
        Assert.Equal(retained > 0, at.RetainedBytes > 0);
        Assert.InRange(at.PeakBytes, Math.Max(1, at.RetainedBytes), long.MaxValue);
    }

    [Fact]
    public void A_budget_keeps_as_many_micro_batches_as_it_has_room_for()
    {
        using var model = TinyModels.Define(TinyModels.BatchNormCnn);
        using var samples = TinyModels.Images();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Train, 2);
        using var theta = TinyModels.Theta(model, 5);
        using var v = theta.ZerosLike();
        v.FillNormal(1);
        using var w = theta.ZerosLike();
        using var all = new Linearization(objective, theta);
        all.HessianProduct(v, w);
        using var some = new Linearization(
            objective,
            theta,
            new LinearizationOptions { RetainBytes = all.RetainedBytes / 2 }
        );
        some.HessianProduct(v, w);
        Assert.Equal(5, all.RetainedMicroBatches);
        Assert.Equal(2, some.RetainedMicroBatches);
        Assert.InRange(some.RetainedBytes, 1, all.RetainedBytes / 2);
    }

    [Fact]
    public void Threads_with_an_objective_each_get_the_results_of_one_alone()
    {
        using var model = TinyModels.Define(TinyModels.BatchNormCnn);
        using var samples = TinyModels.Images();
        using var theta = TinyModels.Theta(model, 5);
        double[] expected = Products(model, samples, theta);
        var results = new double[4][];
        var threads = Enumerable
            .Range(0, 4)
            .Select(i => new Thread(() => results[i] = Products(model, samples, theta)))
            .ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.All(results, result => Assert.Equal(expected, result));
    }

    [Fact]
    public void The_objective_may_be_disposed_before_its_linearization()
    {
        using var model = TinyModels.Define(TinyModels.Mlp);
        using var samples = TinyModels.Vectors();
        using var theta = TinyModels.Theta(model, 5);
        var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
        using var at = new Linearization(objective, theta);
        objective.Dispose();
        using var w = theta.ZerosLike();
        at.HessianProduct(theta, w);
        Assert.True(w.IsFinite());
    }

    private static double[] Products(ScriptModel model, Samples samples, Vector theta)
    {
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Train, 4);
        using var at = new Linearization(objective, theta);
        using var v = TinyModels.Random(at, 1);
        using var w = v.ZerosLike();
        for (int i = 0; i < 30; i++)
        {
            at.HessianProduct(v, w);
            at.GaussNewtonProduct(w, v);
            v.Scale(1 / v.Norm());
        }

        return v.ToArray();
    }
}
