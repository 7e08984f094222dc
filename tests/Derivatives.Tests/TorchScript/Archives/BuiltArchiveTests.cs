using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Programs;
using CurvatureMonitor.Derivatives.TorchScript;
using CurvatureMonitor.Derivatives.TorchScript.Archives;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Tests.TorchScript.Archives;

/// <summary>Archives that are made here load in libtorch, with the outputs of the same text compiled there.</summary>
public sealed class BuiltArchiveTests
{
    [Theory]
    [InlineData(true, ScalarType.Float64)]
    [InlineData(true, ScalarType.Float32)]
    [InlineData(false, ScalarType.Float64)]
    public void Libtorch_loads_the_file_and_its_outputs_are_those_of_the_operations(bool residual, ScalarType type)
    {
        using var scope = NewDisposeScope();
        var source = residual ? BuiltModels.Residual : BuiltModels.Terse;
        using var archive = BuiltModels.Build(source, type);
        var module = jit.load<Tensor, Tensor>(BuiltModels.Bytes(archive));
        var x = BuiltModels.Images(type);
        var expected = residual ? ResidualOutputs(archive, x) : TerseOutputs(archive, x);
        Assert.True(allclose(expected, module.forward(x), 1e-6, 1e-6));
    }

    [Fact]
    public void Libtorch_finds_parameters_and_buffers_under_their_names()
    {
        using var scope = NewDisposeScope();
        using var archive = BuiltModels.Build(BuiltModels.Residual);
        var module = jit.load(BuiltModels.Bytes(archive));
        Assert.Equal(
            BuiltModels.Residual.Parameters.Select(p => p.Name),
            module.named_parameters().Select(p => p.name)
        );
        Assert.Equal(BuiltModels.Residual.Buffers.Select(p => p.Name), module.named_buffers().Select(b => b.name));
        Assert.All(module.named_parameters(), p => Assert.True(p.parameter.requires_grad));
    }

    [Fact]
    public void A_tensor_that_is_given_twice_is_tied_after_loading()
    {
        using var scope = NewDisposeScope();
        var w = ones(3, 3);
        var source = new ScriptModelSource(
            "tied",
            "def forward(self, x: Tensor) -> Tensor:\n    return torch.linear(x, self.a.w) + self.b.w[0]\n",
            [new("a.w", [3, 3]), new("b.w", [3, 3])],
            []
        );
        using var archive = ScriptModelArchive.Build(source, [w, w], []);
        using var again = ScriptArchiveReader.Read(new MemoryStream(BuiltModels.Bytes(archive)));
        var tensors = ArchiveValues.NamedTensors(again.Root).Select(t => t.Tensor).ToArray();
        Assert.Same(tensors[0], tensors[1]);
        var parameters = jit.load(BuiltModels.Bytes(archive)).parameters().ToArray();
        using (no_grad())
        {
            parameters[0].fill_(5);
        }

        Assert.Equal(5, parameters[^1][0, 0].item<float>());
    }

    [Fact]
    public void The_caller_keeps_its_tensors()
    {
        using var scope = NewDisposeScope();
        var w = ones(2);
        var source = new ScriptModelSource("m", "def forward(self, x: Tensor) -> Tensor:\n    return x * self.w\n",
            [new("w", [2])], []);
        ScriptModelArchive.Build(source, [w], []).Dispose();
        Assert.False(w.requires_grad);
        Assert.Equal(2, w.sum().item<float>());
    }

    [Fact]
    public void A_tensor_of_another_shape_is_refused_by_its_name()
    {
        using var scope = NewDisposeScope();
        var source = new ScriptModelSource("m", "def forward(self, x: Tensor) -> Tensor:\n    return x\n",
            [new("a.w", [2])], []);
        var thrown = Assert.Throws<DerivativeException>(() => ScriptModelArchive.Build(source, [ones(3)], []));
        Assert.Equal("model m: parameter a.w has shape [2], not [3]", thrown.Message);
        Assert.Throws<DerivativeException>(() => ScriptModelArchive.Build(source, [], []));
    }

    [Fact]
    public void Two_submodules_whose_names_read_alike_have_classes_of_their_own()
    {
        using var scope = NewDisposeScope();
        var source = new ScriptModelSource(
            "m",
            "def forward(self, x: Tensor) -> Tensor:\n    return x * self.a_b.w + self.a.b.v\n",
            [new("a_b.w", [1]), new("a.b.v", [1])],
            []
        );
        using var archive = ScriptModelArchive.Build(source, [full(1, 2.0), full(1, 3.0)], []);
        var module = jit.load<Tensor, Tensor>(BuiltModels.Bytes(archive));
        Assert.Equal(11, module.forward(full(1, 4.0)).item<float>());
    }

    private static Tensor ResidualOutputs(Derivatives.TorchScript.ScriptArchive archive, Tensor x)
    {
        var t = ArchiveValues.NamedTensors(archive.Root).ToDictionary(p => p.Name, p => p.Tensor);
        var x3 = nn.functional.conv2d(x, t["conv1.weight"], padding: [1, 1]);
        x3 = nn.functional.batch_norm(
            x3, t["bn1.running_mean"], t["bn1.running_var"], t["bn1.weight"], t["bn1.bias"], eps: 1e-5).relu();
        var x5 = nn.functional.conv2d(x3, t["layer1.0.conv.weight"], t["layer1.0.conv.bias"], padding: [1, 1]) + x3;
        var x8 = nn.functional.max_pool2d(x5, [2, 2], [2, 2]).mean([2, 3]);
        return nn.functional.linear(x8, t["fc.weight"], t["fc.bias"]).tanh();
    }

    private static Tensor TerseOutputs(Derivatives.TorchScript.ScriptArchive archive, Tensor x)
    {
        var t = ArchiveValues.NamedTensors(archive.Root).ToDictionary(p => p.Name, p => p.Tensor);
        var h = nn.functional.softplus(nn.functional.conv2d(x, t["conv.weight"], t["conv.bias"]));
        h = nn.functional.avg_pool2d(h, [2, 2]);
        return (nn.functional.linear(h.flatten(1), t["fc_weight"]) * 2) + t["scale"];
    }
}
