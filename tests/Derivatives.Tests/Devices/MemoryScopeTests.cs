using CurvatureMonitor.Derivatives.Devices;
using CurvatureMonitor.Derivatives.Functions;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Tests.Devices;

/// <summary>Bytes are counted where they are allocated, and only the thread's own.</summary>
public sealed class MemoryScopeTests
{
    [Fact]
    public void A_scope_counts_what_its_thread_allocates_and_frees()
    {
        using var before = zeros(1000, float64);
        using var scope = new MemoryScope();
        Assert.Equal(0, scope.Net);
        var kept = zeros(500, float64);
        using (zeros(1000, float32))
        {
            Assert.Equal(8000, scope.Net);
        }

        Assert.Equal((4000, 8000), (scope.Net, scope.Peak));
        kept.Dispose();
        Assert.Equal(0, scope.Net);
    }

    [Fact]
    public void Another_threads_tensors_are_not_counted()
    {
        using var scope = new MemoryScope();
        var other = new Thread(() =>
        {
            using var _ = zeros(1000, float64);
        });
        other.Start();
        other.Join();
        Assert.Equal(0, scope.Peak);
    }

    [Fact]
    public void An_outer_scope_counts_what_an_inner_one_does_and_continues_after_it()
    {
        using var outer = new MemoryScope();
        var kept = zeros(10, float64);
        using (var inner = new MemoryScope(alreadyHeld: 5000))
        {
            zeros(100, float64).Dispose();
            kept.Dispose();
            Assert.Equal((5800, 880), (inner.Peak, outer.Peak));
        }

        Assert.Equal(0, outer.Net);
        zeros(200, float64).Dispose();
        Assert.Equal(1600, outer.Peak);
    }

    [Fact]
    public void Gradients_are_counted()
    {
        using var x = ones(1000, float64).requires_grad_();
        using var scope = new MemoryScope();
        using (var disposes = NewDisposeScope())
        {
            SafeGradients.Of([x.exp().sum()], [x], [ones([], float64)]);
        }

        Assert.InRange(scope.Peak, 16_000, 32_100);
        Assert.Equal(0, scope.Net);
    }

    [Fact]
    public void Passing_the_limit_is_told_at_the_next_question()
    {
        using var scope = new MemoryScope(alreadyHeld: 100, limit: 500);
        MemoryScope.ThrowIfExceeded();
        zeros(100, float64).Dispose();
        Assert.Equal((900, 500), Told(Assert.Throws<MemoryLimitException>(MemoryScope.ThrowIfExceeded)));
    }

    private static (long, long) Told(MemoryLimitException exception) => (exception.Held, exception.Limit);
}
