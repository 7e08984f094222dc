using CurvatureMonitor.Derivatives.Passes;
using CurvatureMonitor.Derivatives.TorchScript.Programs;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Tests.TorchScript.Models;

/// <summary>Batch norm runs in the mode that is asked for, whatever form the file has.</summary>
public sealed class BatchNormModeTests
{
    private const double Epsilon = 1e-5;

    private const string Code = """
        class M(Module):
          __parameters__ = []
          __buffers__ = []
          training : bool
          bn : __torch__.BatchNorm
          def forward(self: __torch__.M,
            x: Tensor) -> Tensor:
            bn = self.bn
            return (bn).forward(x, )
        class BatchNorm(Module):
          __parameters__ = ["weight", "bias", ]
          __buffers__ = ["running_mean", "running_var", "num_batches_tracked", ]
          weight : Tensor
          bias : Tensor
          running_mean : Tensor
          running_var : Tensor
          num_batches_tracked : Tensor
          training : bool
          def forward(self: __torch__.BatchNorm,
            x: Tensor) -> Tensor:
            training = self.training
            if training:
              num_batches_tracked = self.num_batches_tracked
              _0 = torch.add_(num_batches_tracked, 1)
            else:
              pass
            weight = self.weight
            bias = self.bias
            running_mean = self.running_mean
            running_var = self.running_var
            FORM
        """;

    private const string Tensors = "x, weight, bias, running_mean, running_var";
    private const string Plain = $"return torch.batch_norm({Tensors}, training, 0.1, 1e-05, True)";

    public static TheoryData<string> Forms =>
        [
            Plain,
            $"return torch.batch_norm({Tensors}, True, 0.1, 1e-05, True)",
            $"return torch.native_batch_norm({Tensors}, False, 0.1, 1e-05)[0]",
            $"return torch._native_batch_norm_legit({Tensors}, True, 0.1, 1e-05)[0]",
            $"return torch._native_batch_norm_legit_no_training({Tensors}, 0.1, 1e-05)[0]",
            $"return torch._batch_norm_impl_index({Tensors}, False, 0.1, 1e-05, True)[0]",
        ];

    [Theory]
    [MemberData(nameof(Forms))]
    public void Each_mode_has_its_own_statistics(string form)
    {
        using var scope = NewDisposeScope();
        using var program = Program(form, isTraining: true, isLayerTraining: true);
        var (parameters, mean, variance, x) = Data();
        Assert.True(program.HasBatchNorm);
        Assert.Equal(["bn.running_mean", "bn.running_var"], program.Buffers.Select(slot => slot.Name));
        Tensor batchMean = x.mean([0L]),
            batchVariance = x.var(0, unbiased: false);

        var byStored = Normal(x, parameters, mean, variance);
        Same(program.Run(parameters, [mean, variance], [x], BatchNormUse.Stored), byStored);
        var byBatch = Normal(x, parameters, batchMean, batchVariance);
        Tensor meanBefore = mean.clone(),
            varianceBefore = variance.clone();
        Same(program.Run(parameters, [mean, variance], [x], BatchNormUse.Batch), byBatch);
        Same(mean, meanBefore);
        Same(variance, varianceBefore);

        Same(program.Run(parameters, [mean, variance], [x], BatchNormUse.Update), byBatch);
        Same(mean, meanBefore * 0.9 + batchMean * 0.1);
        Same(variance, varianceBefore * 0.9 + batchVariance * 0.1 * 8 / 7);

        Same(program.Run(parameters, [mean, variance], [x], BatchNormUse.Reestimate(1)), byBatch);
        Same(mean, batchMean);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_layer_that_was_frozen_stays_in_evaluation_mode(string form)
    {
        using var scope = NewDisposeScope();
        using var program = Program(form, isTraining: true, isLayerTraining: false);
        var (parameters, mean, variance, x) = Data();
        var expected = Normal(x, parameters, mean, variance);
        foreach (var use in new[] { BatchNormUse.Batch, BatchNormUse.Update, BatchNormUse.Stored })
        {
            Same(program.Run(parameters, [mean, variance], [x], use), expected);
        }
    }

    [Fact]
    public void A_model_that_was_saved_in_evaluation_mode_has_no_frozen_layers()
    {
        using var scope = NewDisposeScope();
        using var program = Program(Plain, isTraining: false, isLayerTraining: false);
        var (parameters, mean, variance, x) = Data();
        var expected = Normal(x, parameters, x.mean([0L]), x.var(0, unbiased: false));
        Same(program.Run(parameters, [mean, variance], [x], BatchNormUse.Batch), expected);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_call_that_asks_for_the_batch_does_so_in_every_mode(bool isTraining)
    {
        using var scope = NewDisposeScope();
        using var program = HandMade.Program(
            """
            class M(Module):
              __parameters__ = []
              __buffers__ = ["rm", "rv", ]
              rm : Tensor
              rv : Tensor
              training : bool
              def forward(self: __torch__.M,
                x: Tensor) -> Tensor:
                rm = self.rm
                rv = self.rv
                return torch.batch_norm(x, None, None, rm, rv, True, 0.1, 1e-05, True)
            """,
            HandMade.Object("M", ("training", isTraining), ("rm", zeros(3)), ("rv", ones(3)))
        );
        var (_, mean, variance, x) = Data();
        Tensor before = mean.clone();
        var expected = Normal(x, [ones(3, float64), zeros(3, float64)], x.mean([0L]), x.var(0, unbiased: false));
        foreach (var use in new[] { BatchNormUse.Stored, BatchNormUse.Batch, BatchNormUse.Update })
        {
            Same(program.Run([], [mean, variance], [x], use), expected);
            Same(mean, before);
        }

        Assert.True(program.UsesBatch);
        Assert.False(program.WasRewritten);
    }

    private static ScriptProgram Program(string form, bool isTraining, bool isLayerTraining) =>
        HandMade.Program(
            Code.Replace("FORM", form, StringComparison.Ordinal),
            HandMade.Object(
                "M",
                ("training", isTraining),
                (
                    "bn",
                    HandMade.Object(
                        "BatchNorm",
                        ("weight", ones(3)),
                        ("bias", zeros(3)),
                        ("running_mean", zeros(3)),
                        ("running_var", ones(3)),
                        ("num_batches_tracked", tensor(5L)),
                        ("training", isLayerTraining)
                    )
                )
            )
        );

    private static (Tensor[] Parameters, Tensor Mean, Tensor Variance, Tensor X) Data() =>
        (
            [tensor(new[] { 1.0, 2, -1 }), tensor(new[] { 0.0, 0.5, 1 })],
            tensor(new[] { 0.1, -0.2, 0.3 }),
            tensor(new[] { 0.5, 1.5, 2 }),
            linspace(0, 9, 24, float64).cos().reshape(8, 3)
        );

    private static Tensor Normal(Tensor x, Tensor[] parameters, Tensor mean, Tensor variance) =>
        (x - mean) / (variance + Epsilon).sqrt() * parameters[0] + parameters[1];

    private static void Same(Tensor found, Tensor expected) => Assert.True(HandMade.Distance(found, expected) < 1e-12);
}
