using CurvatureMonitor.Derivatives.Functions;
using CurvatureMonitor.Derivatives.Passes;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Tests.TorchScript.Models;

/// <summary>Parameters have the module's order, tied ones one slot, and lists of them follow.</summary>
public sealed class ParameterPlaceTests
{
    private const string Recurrent = """
        class M(Module):
          __parameters__ = ["w0", "w1", "b0", "b1", ]
          __buffers__ = []
          w0 : Tensor
          w1 : Tensor
          b0 : Tensor
          b1 : Tensor
          training : bool
          _flat_weights : List[Tensor]
          def forward(self: __torch__.M,
            x: Tensor) -> Tensor:
            _flat_weights = self._flat_weights
            h = torch.zeros([1, torch.size(x, 0), 3], dtype=ops.prim.dtype(x), layout=None, device=ops.prim.device(x))
            _0, _1, = torch.gru(x, h, _flat_weights, True, 1, 0.5, True, False, True)
            return _0
        """;

    private const string Tied = """
        class M(Module):
          __parameters__ = ["a", ]
          __buffers__ = ["k", ]
          a : Tensor
          k : Tensor
          training : bool
          one : __torch__.L
          __annotations__["2"] = __torch__.L
          def forward(self: __torch__.M,
            x: Tensor) -> Tensor:
            one = self.one
            two = getattr(self, "2")
            k = self.k
            return torch.mul((two).forward((one).forward(x, ), ), k)
        class L(Module):
          __parameters__ = ["w", "none", ]
          __buffers__ = []
          w : Tensor
          none : NoneType
          training : bool
          def forward(self: __torch__.L,
            x: Tensor) -> Tensor:
            w = self.w
            return torch.linear(x, w)
        """;

    [Fact]
    public void A_list_of_a_recurrent_layers_weights_follows_its_parameters()
    {
        using var scope = NewDisposeScope();
        Tensor[] saved = [rand(9, 2, float64), rand(9, 3, float64), rand(9, float64), rand(9, float64)];
        using var program = HandMade.Program(
            Recurrent,
            HandMade.Object(
                "M",
                ("w0", saved[0]),
                ("w1", saved[1]),
                ("b0", saved[2]),
                ("b1", saved[3]),
                ("training", false),
                ("_flat_weights", saved.Select(tensor => (object?)tensor.alias()).ToList())
            )
        );
        Assert.Equal(["w0", "w1", "b0", "b1"], program.Parameters.Select(slot => slot.Name));
        Assert.Equal([0, 18, 45, 54], program.Parameters.Select(slot => slot.Offset));
        var given = saved.Select(tensor => (tensor - 0.5).detach().requires_grad_()).ToArray();
        var y = program.Run(given, [], [rand(2, 4, 2, float64)], BatchNormUse.Stored);
        var gradients = SafeGradients.Of([y.sum()], given, [ones([], float64)]);
        Assert.All(gradients, gradient => Assert.True(gradient!.abs().max().item<double>() > 0));
    }

    [Fact]
    public void Tied_weights_have_one_slot_under_the_first_name()
    {
        using var scope = NewDisposeScope();
        var shared = rand(3, 3, float64);
        using var program = HandMade.Program(
            Tied,
            HandMade.Object(
                "M",
                ("a", rand(2, float64)),
                ("k", rand(3, float64)),
                ("training", false),
                ("one", HandMade.Object("L", ("w", shared), ("none", null), ("training", false))),
                ("2", HandMade.Object("L", ("w", shared.alias()), ("none", null), ("training", false)))
            )
        );
        Assert.Equal(["a", "one.w"], program.Parameters.Select(slot => slot.Name));
        Assert.Equal(["k"], program.Buffers.Select(slot => slot.Name));
        Tensor w = rand(3, 3, float64),
            x = rand(2, 3, float64),
            k = rand(3, float64);
        var y = program.Run([rand(2, float64), w], [k], [x], BatchNormUse.Stored);
        Assert.True(HandMade.Distance(y, x.mm(w.t()).mm(w.t()) * k) < 1e-14);
    }

    [Fact]
    public void Threads_do_not_see_each_others_tensors()
    {
        using var program = HandMade.Program("return torch.relu_(torch.linear(x, p0))", ones(3, 3, float64));
        Parallel.For(
            0,
            64,
            i =>
            {
                using var scope = NewDisposeScope();
                using var gradients = no_grad();
                var w = full([3, 3], i, float64);
                var y = program.Run([w], [], [ones(2, 3, float64)], BatchNormUse.Stored);
                Assert.Equal(3.0 * i, y.min().item<double>());
            }
        );
    }
}
