using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Functions;
using CurvatureMonitor.Derivatives.Functions.Graphs;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Tests.Functions.Graphs;

/// <summary>Nodes and what they save are freed with the graph, without the garbage collector.</summary>
[Collection(nameof(LifetimeTests))]
public sealed class LifetimeTests
{
    [Fact]
    public void Ten_thousand_graphs_leave_no_node_and_no_memory()
    {
        using var scope = NewDisposeScope();
        var net = new SmallNet(1, 2);
        Build(net, 500);
        using var memory = new MemoryScope();
        long before = MallocBytes();
        Build(net, 10_000);
        Assert.Equal(0, NodeSlot.Alive);
        Assert.Equal(0, memory.Net);

        // The runtime's compiler takes some at the same time; a graph that is lost takes more than a kilobyte.
        Assert.True(MallocBytes() - before < 8 << 20, $"{MallocBytes() - before} bytes more");
    }

    [Fact]
    public void A_graph_whose_pass_fails_is_freed()
    {
        using (NewDisposeScope())
        {
            var x = ones(3).requires_grad_();
            var y = Probe.Apply(Relu.Apply(x), (_, _, _) => throw new InvalidOperationException());
            Assert.Throws<DerivativeException>(() => SafeGradients.Of([y], [x], [ones_like(y)]));
        }

        Assert.Equal(0, NodeSlot.Alive);
    }

    [Fact]
    public void An_output_that_its_own_node_saves_makes_no_circle()
    {
        using (NewDisposeScope())
        {
            var x = ones(3).requires_grad_();
            var y = Probe.Apply(x, (node, g, _) => g * node.TheSaved(), saveOutput: true);
            Assert.Equal(6, SafeGradients.Of([y], [x], [ones_like(y)], keep: true)[0]!.sum().item<float>());
            Assert.Equal(1, NodeSlot.Alive);
        }

        Assert.Equal(0, NodeSlot.Alive);
    }

    [Fact]
    public void A_pass_that_does_not_keep_the_graph_frees_what_it_saved()
    {
        using var scope = NewDisposeScope();
        var x = zeros([1 << 20]).requires_grad_();
        var y = Relu.Apply(x);
        var sum = y.sum();
        y.Dispose();
        long before = MallocBytes();
        SafeGradients.Of([sum], [x], [ones_like(sum)])[0]!.Dispose();
        Assert.True(before - MallocBytes() > 3 << 20, $"{before - MallocBytes()} bytes");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_graph_takes_at_most_a_tenth_more_than_libtorchs(bool second)
    {
        using var scope = NewDisposeScope();
        var net = new SmallNet(64, 32);
        long own = Bytes(() => net.Own()),
            libtorch = Bytes(() => net.Reference());
        Assert.True(own <= 1.1 * libtorch, $"{own} bytes against {libtorch}");

        long Bytes(Func<Tensor> forward)
        {
            using (NewDisposeScope())
            {
                Graph(forward);
            }

            using var inner = NewDisposeScope();
            long before = MallocBytes();
            var kept = Graph(forward);
            long bytes = MallocBytes() - before;
            GC.KeepAlive(kept);
            return bytes;
        }

        Tensor?[] Graph(Func<Tensor> forward)
        {
            using var inner = NewDisposeScope();
            var loss = forward();
            return second
                ? [.. SafeGradients.Of([loss], net.Leaves, [ones_like(loss)], true, true).Select(Leave)]
                : [loss.MoveToOuterDisposeScope()];
            static Tensor? Leave(Tensor? tensor) => tensor?.MoveToOuterDisposeScope();
        }
    }

    private static void Build(SmallNet net, int times)
    {
        for (int i = 0; i < times; i++)
        {
            using var scope = NewDisposeScope();
            var loss = net.Own();
            var gradient = SafeGradients.Of([loss], net.Leaves, [ones_like(loss)], keep: true, create: true);
            if (i % 2 == 0)
            {
                SafeGradients.Of(gradient!, net.Leaves, gradient!.Select(part => part!.detach()).ToArray());
            }
        }
    }

    private static long MallocBytes() => Malloc.BytesInUse ?? 0;
}
