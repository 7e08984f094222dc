using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Linearizations on threads, and after their objective.</summary>
public sealed class LinearizationLifetimeTests
{
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
