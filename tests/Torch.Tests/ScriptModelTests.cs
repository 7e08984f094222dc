using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Torch.Tests;

public sealed class ScriptModelTests
{
    [Fact]
    public void Parameters_and_buffers_lie_in_the_order_of_the_definition()
    {
        using var model = TinyModels.Define(TinyModels.BatchNormCnn);
        Assert.Equal(
            ["conv.weight", "conv.bias", "bn.weight", "bn.bias", "fc.weight", "fc.bias"],
            model.Parameters.Select(p => p.Name)
        );
        Assert.Equal([0L, 18, 20, 22, 24, 48], model.Parameters.Select(p => p.Offset));
        Assert.Equal([2L, 1, 3, 3], model.Parameters[0].Shape);
        Assert.Equal(51, model.ParameterCount);
        Assert.Equal(["bn.running_mean", "bn.running_var"], model.Buffers.Select(b => b.Name));
        Assert.Equal(4, model.BufferCount);
    }

    [Fact]
    public void A_saved_model_loads_with_the_same_values_and_the_same_loss()
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.pt");
        try
        {
            using var model = TinyModels.Define(TinyModels.BatchNormCnn);
            model.Save(path);
            using var loaded = ScriptModel.Load(path, ElementType.Float64, Device.Cpu);
            Assert.Equal(
                model.Parameters.Select(p => (p.Name, p.Offset)),
                loaded.Parameters.Select(p => (p.Name, p.Offset))
            );
            using var theta = Vector.Zeros(model.ParameterCount, ElementType.Float64, Device.Cpu);
            using var again = theta.ZerosLike();
            model.GetParameters(theta);
            loaded.GetParameters(again);
            Assert.Equal(theta.ToArray(), again.ToArray());

            using var samples = TinyModels.Images();
            using var first = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
            using var second = new Objective(loaded, samples, Loss.CrossEntropy, BatchNormMode.Eval, 4);
            Assert.Equal(first.Evaluate(theta), second.Evaluate(theta));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_weight_used_by_two_layers_gets_both_layers_gradients()
    {
        using var model = TinyModels.Define(
            new ScriptModelSource(
                "twice",
                "def forward(self, x: Tensor) -> Tensor:\n    return torch.linear(torch.tanh(torch.linear(x, self.w)), "
                    + "self.w)\n",
                [new("w", [6, 6])],
                []
            )
        );
        using var samples = Torch.Samples.Classification(
            VectorTests.Numbers(3, 60),
            [10, 6],
            TinyModels.Labels(),
            ElementType.Float64,
            Device.Cpu
        );
        using var objective = new Objective(model, samples, Loss.CrossEntropy, BatchNormMode.Eval, 10);
        using var theta = TinyModels.Theta(model, 5);
        using var gradient = theta.ZerosLike();
        objective.Gradient(theta, gradient);
        Derivatives.AssertGradient(objective, theta, gradient, 1e-8);
    }

    [Fact]
    public void Text_that_does_not_compile_is_refused_in_one_line()
    {
        var source = new ScriptModelSource(
            "broken",
            "def forward(self, x: Tensor) -> Tensor:\n    return torch.no_such_thing(x)\n",
            [new("w", [1])],
            []
        );
        var exception = Assert.Throws<TorchException>(() =>
            ScriptModel.Define(source, ElementType.Float32, Device.Cpu)
        );
        Assert.DoesNotContain('\n', exception.Message);
        Assert.NotEmpty(exception.Message);
    }

    [Fact]
    public void A_missing_or_foreign_file_is_refused_in_one_line()
    {
        var missing = Assert.Throws<TorchException>(() =>
            ScriptModel.Load("/no/such/model.pt", ElementType.Float32, Device.Cpu)
        );
        Assert.Equal("/no/such/model.pt: no such file", missing.Message);

        string path = Path.GetTempFileName();
        File.WriteAllText(path, "this is no TorchScript module");
        var foreign = Assert.Throws<TorchException>(() => ScriptModel.Load(path, ElementType.Float32, Device.Cpu));
        File.Delete(path);
        Assert.DoesNotContain('\n', foreign.Message);
    }
}
