using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Objectives;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>
/// Losses with options: what they are means of, and what they refuse. That values, gradients and both matrices are
/// PyTorch's is tested through the Python client.
/// </summary>
public sealed class LossOptionTests
{
    private static readonly LossDescription Ignoring = new(Loss.CrossEntropy) { IgnoreIndex = 1 };

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(TinyModels.Samples)]
    public void The_mean_is_over_what_counts_in_the_whole_probe_set_however_it_is_cut(int microBatch)
    {
        using var model = TinyModels.Define(TinyModels.Mlp);
        using var samples = TinyModels.Vectors();
        using var theta = TinyModels.Theta(model, 5);
        using var objective = Of(model, samples, Ignoring, microBatch);

        // The samples that count, alone, under the plain loss.
        long[] counted = [.. Enumerable.Range(0, TinyModels.Samples).Select(i => (long)i)];
        counted = [.. counted.Where(i => TinyModels.Labels()[i] != 1)];
        using var plain = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, TinyModels.Samples);
        using var expected = theta.ZerosLike();
        using var found = theta.ZerosLike();
        double loss = plain.Gradient(theta, counted, expected);
        Assert.Equal(loss, objective.Gradient(theta, found), 1e-13);
        Assert.All(expected.ToArray().Zip(found.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-13));
        Assert.InRange(objective.Evaluate(theta).Accuracy!.Value, 0, 1);
    }

    [Fact]
    public void Gradients_of_single_samples_have_the_gradient_as_their_mean()
    {
        using var model = TinyModels.Define(TinyModels.Mlp);
        using var samples = TinyModels.Vectors();
        using var theta = TinyModels.Theta(model, 5);
        using var objective = Of(model, samples, Ignoring with { Weight = [0.5, 1, 3] }, 4);
        using var whole = theta.ZerosLike();
        using var one = theta.ZerosLike();
        objective.Gradient(theta, whole);
        double[] sum = new double[theta.Length];
        for (int i = 0; i < TinyModels.Samples; i++)
        {
            objective.Gradient(theta, [i], one);
            sum = [.. sum.Zip(one.ToArray(), (a, b) => a + (b / TinyModels.Samples))];
        }

        Assert.All(whole.ToArray().Zip(sum), pair => Assert.Equal(pair.First, pair.Second, 1e-13));
    }

    [Fact]
    public void Weights_of_another_number_than_the_classes_are_refused() =>
        Refused(new LossDescription(Loss.CrossEntropy) { Weight = [1, 2] }, "2 class weights for 3 outputs");

    [Fact]
    public void Targets_of_which_none_counts_are_refused() =>
        Refused(new LossDescription(Loss.CrossEntropy) { Weight = [0, 0, 0] }, "no target counts");

    [Fact]
    public void Numbers_are_needed_where_numbers_are_compared() =>
        Refused(new LossDescription(Loss.AbsoluteError), "l1 needs numbers as targets");

    [Fact]
    public void Weights_that_are_not_there_are_named() =>
        Refused(new LossDescription(Loss.CrossEntropy) { WeightTensor = "loss.weight" }, "'loss.weight' are not in");

    private static Objective Of(ScriptModel model, Samples samples, LossDescription loss, int microBatch) =>
        new(model, samples, LossFunction.Of(loss, _ => null, ""), BatchNormMode.Eval, microBatch);

    private static void Refused(LossDescription loss, string problem)
    {
        using var model = TinyModels.Define(TinyModels.Mlp);
        using var samples = TinyModels.Vectors();
        var thrown = Assert.Throws<DerivativeException>(() => Of(model, samples, loss, 4).Dispose());
        Assert.Contains(problem, thrown.Message, StringComparison.Ordinal);
    }
}
