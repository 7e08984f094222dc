using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Derivatives.Functions;
using CurvatureMonitor.Derivatives.Functions.Graphs;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Tests.Functions.Graphs;

/// <summary>Nodes know in which pass they run, also where several threads have one.</summary>
public sealed class PassTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_pass_for_the_cotangent_alone_asks_nodes_for_nothing_else(bool viaRoot)
    {
        using var scope = NewDisposeScope();
        Tensor x = ones(3).requires_grad_(),
            w = rand(2, 3).requires_grad_();
        var y = Linear.Apply(x.unsqueeze(0), w, null);
        var r = ones_like(y).requires_grad_();
        var gradient = SafeGradients.Of([y], [w], [r], keep: true, create: true)[0]!;
        Tensor?[] Product() => SafeGradients.Of([gradient], [r, x], [ones_like(w)], true, false, viaRoot);
        using (Pass.ForCotangentOnly())
        {
            var alone = Product();
            Assert.NotNull(alone[0]);
            Assert.Null(alone[1]);
        }

        Assert.NotNull(Product()[1]);
    }

    [Fact]
    public void A_pass_within_a_pass_asks_for_everything()
    {
        using var scope = NewDisposeScope();
        var x = ones(3).requires_grad_();
        bool? within = null;
        var z = ones(3).requires_grad_();
        var inner = Probe.Apply(z, (_, g, wanted) => Note(wanted, g));
        var y = Probe.Apply(
            x,
            (_, g, _) =>
            {
                SafeGradients.Of([inner], [z], [ones_like(inner)]);
                return g * 2;
            }
        );
        using var only = Pass.ForCotangentOnly();
        SafeGradients.Of([y], [x], [ones_like(y)]);
        Assert.True(within);

        Tensor Note(Wanted wanted, Tensor g)
        {
            within = wanted[0];
            return g * 2;
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Threads_do_not_see_each_others_failures_and_wishes(bool viaRoot)
    {
        const int Rounds = 300;
        var errors = new System.Collections.Concurrent.ConcurrentBag<string>();
        Parallel.For(
            0,
            4,
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            thread =>
            {
                for (int round = 0; round < Rounds; round++)
                {
                    using var scope = NewDisposeScope();
                    var x = ones(2, 3).requires_grad_();
                    string name = $"thread {thread}, round {round}";
                    var y = Probe.Apply(
                        x,
                        (_, g, _) => thread % 2 == 0 ? g * 2 : throw new InvalidOperationException(name)
                    );
                    try
                    {
                        var gradient = SafeGradients.Of([y], [x], [ones_like(y)], false, false, viaRoot)[0]!;
                        if (thread % 2 == 1 || gradient.sum().item<float>() != 12)
                        {
                            errors.Add(name);
                        }
                    }
                    catch (DerivativeException exception) when (thread % 2 == 1 && exception.Message == name) { }
                    catch (DerivativeException exception)
                    {
                        errors.Add($"{name}: {exception.Message}");
                    }
                }
            }
        );
        Assert.Empty(errors);
    }

    [Fact]
    public void More_tensors_than_a_root_has_bits_may_be_differentiated()
    {
        using var scope = NewDisposeScope();
        var x = ones(2).requires_grad_();
        Tensor[] y = [.. Enumerable.Range(0, 70).Select(i => Relu.Apply(x * i))];
        Tensor[] weights = [.. y.Select(part => ones_like(part))];
        var gradient = SafeGradients.Of(y, [x], weights, false, false, viaRoot: true)[0]!;
        Assert.Equal(69 * 70 / 2, gradient[0].item<float>());
    }
}
