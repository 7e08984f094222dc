using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Linearizations;
using CurvatureMonitor.Derivatives.TorchScript;
using static TorchSharp.torch;
using Device = CurvatureMonitor.Contracts.Models.Device;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Models whose forward takes several tensors of several types, against formulas written by hand.</summary>
public sealed class SeveralInputsTests : IDisposable
{
    private static readonly int[] All = [.. Enumerable.Range(0, MaskedBags.Count)];

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.pt");

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData(false, ElementType.Float64, 10, true)]
    [InlineData(false, ElementType.Float64, 4, true)]
    [InlineData(false, ElementType.Float64, 4, false)]
    [InlineData(false, ElementType.Float64, 3, false)]
    [InlineData(false, ElementType.Float32, 4, true)]
    [InlineData(false, ElementType.Float32, 1, false)]
    [InlineData(true, ElementType.Float32, 4, true)]
    [InlineData(true, ElementType.Float32, 7, false)]
    public void Loss_gradient_and_products_are_the_formulas(bool isForeign, ElementType type, int batch, bool keeps)
    {
        MaskedBags.Write(_path, isForeign);
        using var model = ScriptModel.Load(_path, type, Device.Cpu);
        using var samples = MaskedBags.Samples(type);
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, batch);
        Assert.Equal(isForeign, model.FallBackReason is not null);
        using var theta = TinyModels.Theta(model, 3);
        double tolerance = type == ElementType.Float64 ? 1e-13 : 1e-5;
        double[] at = theta.ToArray();
        using var gradient = theta.ZerosLike();
        Assert.Equal(MaskedBags.Loss(at, All), objective.Evaluate(theta).Loss, tolerance);
        Assert.Equal(MaskedBags.Loss(at, All), objective.Gradient(theta, gradient), tolerance);
        Differences.AssertClose(MaskedBags.Gradient(at, All), gradient, tolerance);
        long[] chosen = [7, 1, 1, 4];
        objective.Gradient(theta, chosen, gradient);
        Differences.AssertClose(MaskedBags.Gradient(at, [7, 1, 1, 4]), gradient, tolerance);

        var options = new LinearizationOptions { RetainBytes = keeps ? long.MaxValue : 0 };
        using var linearization = new Linearization(objective, theta, options);
        AssertProducts(linearization, at, tolerance);
        Assert.Equal(keeps ? linearization.MicroBatches : 0, linearization.RetainedMicroBatches);
        AssertGroups(linearization, at, tolerance);
    }

    [Fact]
    public void With_less_memory_micro_batches_of_every_input_are_split()
    {
        using var model = TinyModels.Define(MaskedBags.Source);
        using var samples = MaskedBags.Samples();
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, MaskedBags.Count);
        using var theta = TinyModels.Theta(model, 3);
        using var free = new Linearization(objective, theta);
        AssertProducts(free, theta.ToArray(), 1e-13);
        int splits = 0;
        for (long limit = free.PeakBytes; ; limit = limit * 9 / 10)
        {
            try
            {
                using var at = new Linearization(objective, theta, new LinearizationOptions { LimitBytes = limit });
                AssertProducts(at, theta.ToArray(), 1e-13);
                splits += at.Degradation?.MicroBatch is null ? 0 : 1;
            }
            catch (DerivativeException refused) when (refused.Kind == DerivativeErrorKind.OutOfMemory)
            {
                break;
            }
        }

        Assert.NotEqual(0, splits);
    }

    [Fact]
    public void An_operation_with_a_wrong_derivative_is_named()
    {
        using var model = TinyModels.Define(
            new ScriptModelSource(
                "detaching",
                """
                def forward(self, tokens: Tensor, padding: Tensor, x: Tensor) -> Tensor:
                    kept = torch.unsqueeze(torch.bitwise_not(padding), -1)
                    z = torch.tanh(torch.add(torch.sum(torch.mul(torch.embedding(self.t, tokens), kept), [1]), x))
                    held = torch.detach(z)
                    return torch.sub(torch.mul(held, z), torch.mul(held, held), alpha=0.5)
                """,
                [new("t", [MaskedBags.Tokens, MaskedBags.Classes])],
                []
            ),
            ElementType.Float32
        );
        using var samples = MaskedBags.Samples(ElementType.Float32);
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
        using var theta = TinyModels.Theta(model, 3);
        using var at = new Linearization(objective, theta);
        using var v = TinyModels.Random(at, 1);
        using var product = v.ZerosLike();
        at.HessianProduct(v, product);
        const string told = ": mul (detaching, line 5, column 22), after detach (line 4), has a wrong one";
        Assert.Contains(told, at.Degradation!.FiniteDifferences, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_number_of_inputs_than_forward_takes_is_refused()
    {
        MaskedBags.Write(_path, isForeign: false);
        using var model = ScriptModel.Load(_path, ElementType.Float64, Device.Cpu);
        Assert.Equal(
            "the TorchScript module: forward takes 3 inputs (tokens, padding, x), not 1",
            Refusal(model, SampleTensor.Of(MaskedBags.TokenNumbers, [MaskedBags.Count, MaskedBags.Length]))
        );
        using var module = ModuleModel.Of(() => nn.Linear(3, 3), ElementType.Float64, Device.Cpu);
        var numbers = SampleTensor.Of(MaskedBags.Numbers, [MaskedBags.Count, MaskedBags.Features]);
        Assert.Equal(
            "a TorchSharp module takes one input tensor here, 2 are given; make one tensor of them",
            Refusal(module, numbers, numbers)
        );
    }

    [Fact]
    public void Inputs_that_are_not_of_the_same_samples_are_refused()
    {
        var labels = SampleTensor.Of(MaskedBags.Labels, [MaskedBags.Count]);
        var refused = Assert.Throws<DerivativeException>(() =>
            Samples.Of([labels, SampleTensor.Of(new bool[6], [2, 3])], labels, ElementType.Float64, Device.Cpu)
        );
        Assert.Equal("input 1 has the shape [2, 3] where there are 10 targets", refused.Message);
        Assert.Throws<DerivativeException>(() => Samples.Of([], labels, ElementType.Float64, Device.Cpu));
        Assert.Throws<DerivativeException>(() => SampleTensor.Of(new double[5], [2, 3]));
    }

    private static string Refusal(Model model, params SampleTensor[] inputs)
    {
        var labels = SampleTensor.Of(MaskedBags.Labels, [MaskedBags.Count]);
        using var samples = Samples.Of(inputs, labels, ElementType.Float64, Device.Cpu);
        return Assert
            .Throws<DerivativeException>(() => new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4))
            .Message;
    }

    private static void AssertProducts(Linearization at, double[] theta, double tolerance)
    {
        using var product = at.Zeros();
        for (int seed = 0; seed < 3; seed++)
        {
            using var v = TinyModels.Random(at, seed);
            double[] expected = MaskedBags.Product(theta, v.ToArray(), All);
            at.HessianProduct(v, product);
            Differences.AssertClose(expected, product, tolerance);
            at.GaussNewtonProduct(v, product);
            Differences.AssertClose(expected, product, tolerance);
        }
    }

    private static void AssertGroups(Linearization at, double[] theta, double tolerance)
    {
        long[] order = [3, 8, 1, 0, 9, 2, 5, 7, 4, 6];
        int[][] groups = [[3, 8, 1], [0, 9, 2], [5, 7, 4], [6]];
        var cut = SampleGroups.Cut(order, 3);
        double[] squares = new double[groups.Length],
            quotients = new double[groups.Length];
        using var zero = at.Zeros();
        at.GroupGradientSquares(cut, zero, squares);
        at.GroupRayleighQuotients(GroupProduct.Hessian, cut, quotients);
        for (int j = 0; j < groups.Length; j++)
        {
            double[] gradient = MaskedBags.Gradient(theta, groups[j]);
            double square = gradient.Sum(x => x * x);
            double form = gradient.Zip(MaskedBags.Product(theta, gradient, groups[j]), (g, h) => g * h).Sum();
            Assert.Equal(square, squares[j], 10 * tolerance * square);
            Assert.Equal(form / square, quotients[j], 10 * tolerance * form / square);
        }
    }
}
