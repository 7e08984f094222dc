using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Derivatives.TorchScript;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Memory that the allocator refuses.</summary>
public sealed class AllocatorRefusalTests
{
    [Fact]
    public void When_the_allocator_itself_refuses_the_micro_batch_is_split_as_well()
    {
        // Ten samples ask for 2^60 bytes that no machine has, five for 2^40; memory that is never written to costs
        // nothing.
        var greedy = new ScriptModelSource(
            "greedy",
            """
            def forward(self, x: Tensor) -> Tensor:
                room = torch.empty([1 << (20 + 4 * x.size(0))], dtype=0)
                return torch.linear(torch.flatten(x, 1), self.w) + 0 * room.dim()
            """,
            [new("w", [TinyModels.Classes, 36])],
            []
        );
        using var scene = new Scene(greedy, BatchNormMode.Eval, TinyModels.Samples, needed: false);
        using var at = scene.Linearize(long.MaxValue);
        at.HessianProduct(scene.V, scene.W);
        Assert.InRange(at.Degradation!.MicroBatch!.Value, 2, 5);
        double[] split = scene.W.ToArray();
        using var plain = new Scene(
            new(
                "plain",
                "def forward(self, x: Tensor) -> Tensor:\n    return torch.linear(torch.flatten(x, 1), self.w)",
                greedy.Parameters,
                []
            ),
            BatchNormMode.Eval,
            10
        );
        Assert.Equal(plain.Theta.ToArray(), scene.Theta.ToArray());
        using var result = Vector.From(split, ElementType.Float64, Device.Cpu);
        Differences.AssertClose(plain.Hessian, result, 1e-12);
    }
}
