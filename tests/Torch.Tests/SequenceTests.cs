using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Torch.Tests;

/// <summary>Models of sequences: tokens as inputs, and a class for each position.</summary>
public sealed class SequenceTests
{
    private const int Tokens = 5;
    private const int Positions = 4;

    /// <summary>An embedding of 3, mixed with the position before, and 2 outputs a position: [N, 2, T].</summary>
    private static readonly ScriptModelSource Tagger = new(
        "tagger",
        """
        def forward(self, x: Tensor) -> Tensor:
            h = torch.embedding(self.tokens, x)
            h = torch.tanh(h + torch.roll(h, 1, 1))
            return torch.transpose(torch.linear(h, self.weight, self.bias), 1, 2)
        """,
        [new("tokens", [Tokens, 3]), new("weight", [2, 3]), new("bias", [2])],
        []
    );

    private static readonly ScriptModelSource Bigram = new(
        "bigram",
        """
        def forward(self, x: Tensor) -> Tensor:
            return torch.transpose(torch.embedding(self.table, x), 1, 2)
        """,
        [new("table", [Tokens, 2])],
        []
    );

    [Fact]
    public void The_loss_is_the_mean_over_samples_and_positions_and_accuracy_the_share_of_positions()
    {
        using var model = TinyModels.Define(Bigram);
        using var samples = Sequences();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
        using var theta = Vector.Zeros(model.ParameterCount, ElementType.Float64, Device.Cpu);

        // The larger output is class 0 for even tokens and class 1 for odd ones, by 2 each.
        theta.CopyFrom((ReadOnlySpan<double>)[2, 0, 0, 2, 2, 0, 0, 2, 2, 0]);
        long[] tokens = Inputs(),
            labels = Labels();
        double share = tokens.Zip(labels, (token, label) => token % 2 == label ? 1.0 : 0.0).Average();
        double expected = (share * Math.Log(1 + Math.Exp(-2))) + ((1 - share) * Math.Log(1 + Math.Exp(2)));

        var evaluation = objective.Evaluate(theta);
        Assert.Equal(expected, evaluation.Loss, 1e-14);
        Assert.Equal(share, evaluation.Accuracy!.Value, 1e-14);
        Assert.Equal(2 * Positions, objective.OutputsPerSample);
    }

    [Fact]
    public void Hessian_products_agree_with_central_differences_of_gradients()
    {
        using var model = TinyModels.Define(Tagger);
        using var samples = Sequences();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
        using var theta = TinyModels.Theta(model, 5);
        using var at = new Linearization(objective, theta);
        using var gradient = theta.ZerosLike();
        objective.Gradient(theta, gradient);
        Derivatives.AssertGradient(objective, theta, gradient, 1e-8);
        using var v = TinyModels.Random(at, 1);
        using var w = v.ZerosLike();
        at.HessianProduct(v, w);
        Derivatives.AssertClose(Derivatives.HessianProduct(objective, theta, v), w, 1e-7);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(long.MaxValue)]
    public void Gauss_Newton_equals_the_Hessian_where_the_outputs_are_the_parameters(long budget)
    {
        using var model = TinyModels.Define(Bigram);
        using var samples = Sequences();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
        using var theta = TinyModels.Theta(model, 5);
        using var at = new Linearization(objective, theta, new LinearizationOptions { RetainBytes = budget });
        using var v = TinyModels.Random(at, 1);
        using var h = v.ZerosLike();
        using var g = v.ZerosLike();
        at.HessianProduct(v, h);
        at.GaussNewtonProduct(v, g);
        Derivatives.AssertClose(h.ToArray(), g, 1e-13);
    }

    [Fact]
    public void Jacobian_products_are_adjoint()
    {
        using var model = TinyModels.Define(Tagger);
        using var samples = Sequences();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
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
    public void Tokens_may_have_numbers_as_targets()
    {
        using var model = TinyModels.Define(
            new ScriptModelSource(
                "sum",
                "def forward(self, x: Tensor) -> Tensor:\n    return torch.sum(torch.embedding(self.table, x), 1)\n",
                [new("table", [Tokens, 2])],
                []
            )
        );
        using var samples = Samples.Regression(
            Inputs(),
            [TinyModels.Samples, Positions],
            VectorTests.Numbers(3, TinyModels.Samples * 2),
            2,
            ElementType.Float64,
            Device.Cpu
        );
        using var objective = new Objective(model, samples, Loss.MeanSquaredError, BatchNormMode.Eval, 4);
        using var theta = TinyModels.Theta(model, 5);
        using var gradient = theta.ZerosLike();
        objective.Gradient(theta, gradient);
        Derivatives.AssertGradient(objective, theta, gradient, 1e-8);
    }

    [Fact]
    public void Labels_of_positions_need_outputs_as_cross_entropy_takes_them()
    {
        using var model = TinyModels.Define(
            new ScriptModelSource(
                "transposed",
                "def forward(self, x: Tensor) -> Tensor:\n    return torch.embedding(self.table, x)\n",
                [new("table", [Tokens, 2])],
                []
            )
        );
        using var samples = Sequences();
        var refused = Assert.Throws<TorchException>(() =>
            new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4)
        );
        Assert.Contains("[samples, classes, positions]", refused.Message, StringComparison.Ordinal);
        Assert.Throws<TorchException>(() =>
            Samples.Classification(Inputs(), [TinyModels.Samples, Positions], Labels(), ElementType.Float64, Device.Cpu)
        );
        Assert.Throws<TorchException>(() =>
            Samples.Classification(
                Inputs(),
                [TinyModels.Samples, Positions],
                Labels(),
                ElementType.Float64,
                Device.Cpu,
                -1
            )
        );
    }

    private static Samples Sequences() =>
        Samples.Classification(
            Inputs(),
            [TinyModels.Samples, Positions],
            Labels(),
            ElementType.Float64,
            Device.Cpu,
            Positions
        );

    private static long[] Inputs() =>
        [.. Enumerable.Range(0, TinyModels.Samples * Positions).Select(i => (long)(i * i % Tokens))];

    private static long[] Labels() =>
        [.. Enumerable.Range(0, TinyModels.Samples * Positions).Select(i => (long)(i * 7 % 3 % 2))];
}
