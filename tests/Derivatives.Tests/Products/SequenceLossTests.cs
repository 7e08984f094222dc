using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Losses over positions.</summary>
public sealed class SequenceLossTests
{
    [Fact]
    public void The_loss_is_the_mean_over_samples_and_positions_and_accuracy_the_share_of_positions()
    {
        using var model = TinyModels.Define(TokenModels.Bigram);
        using var samples = TokenModels.Sequences();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
        using var theta = Vector.Zeros(model.ParameterCount, ElementType.Float64, Device.Cpu);

        // The larger output is class 0 for even tokens and class 1 for odd ones, by 2 each.
        theta.CopyFrom((ReadOnlySpan<double>)[2, 0, 0, 2, 2, 0, 0, 2, 2, 0]);
        long[] tokens = TokenModels.Inputs(),
            labels = TokenModels.Labels();
        double share = tokens.Zip(labels, (token, label) => token % 2 == label ? 1.0 : 0.0).Average();
        double expected = (share * Math.Log(1 + Math.Exp(-2))) + ((1 - share) * Math.Log(1 + Math.Exp(2)));

        var evaluation = objective.Evaluate(theta);
        Assert.Equal(expected, evaluation.Loss, 1e-14);
        Assert.Equal(share, evaluation.Accuracy!.Value, 1e-14);
        Assert.Equal(2 * TokenModels.Positions, objective.OutputsPerSample);
    }
}
