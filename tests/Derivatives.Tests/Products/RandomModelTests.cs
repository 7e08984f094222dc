using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Errors;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Models that draw random numbers.</summary>
public sealed class RandomModelTests
{
    [Fact]
    public void Dropout_is_off_even_when_the_graph_says_train()
    {
        using var plain = TinyModels.Define(TinyModels.Mlp);
        using var dropping = TinyModels.Define(
            TinyModels.Mlp with
            {
                Source = TinyModels
                    .Mlp.Source.Replace("torch.tanh(", "torch.dropout(torch.tanh(", StringComparison.Ordinal)
                    .Replace("self.fc1.bias))", "self.fc1.bias)), 0.5, True)", StringComparison.Ordinal),
            }
        );
        using var samples = TinyModels.Vectors();
        using var theta = TinyModels.Theta(plain, 5);
        using var first = new Objective(plain, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
        using var second = new Objective(dropping, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
        Assert.Equal(first.Evaluate(theta), second.Evaluate(theta));
    }

    [Fact]
    public void A_model_that_answers_differently_twice_is_refused()
    {
        using var noisy = TinyModels.Define(
            TinyModels.Mlp with
            {
                Source = TinyModels.Mlp.Source.Replace(
                    "return ",
                    "return torch.rand_like(torch.linear(h, self.fc2.weight)) + ",
                    StringComparison.Ordinal
                ),
            }
        );
        using var samples = TinyModels.Vectors();
        var exception = Assert.Throws<DerivativeException>(() =>
            new Objective(noisy, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4)
        );
        Assert.Contains("two forward passes of the same samples differ", exception.Message, StringComparison.Ordinal);
    }
}
