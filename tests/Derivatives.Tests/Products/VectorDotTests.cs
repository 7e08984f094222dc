using CurvatureMonitor.Contracts.Models;

namespace CurvatureMonitor.Derivatives.Tests.Products;

/// <summary>Dot products of vectors.</summary>
public sealed class VectorDotTests
{
    [Fact]
    public void Dot_products_accumulate_in_float64_and_do_not_depend_on_threads()
    {
        const int length = 1 << 20;
        using var ones = Vector.Zeros(length, ElementType.Float32, Device.Cpu);
        ones.Fill(0.1f);
        double exact = length * (double)0.1f * 0.1f;
        Assert.Equal(exact, ones.Dot(ones), exact * 1e-12);

        using var random = Vector.Zeros(length, ElementType.Float32, Device.Cpu);
        random.FillNormal(7);
        int threads = TorchRuntime.Threads;
        TorchRuntime.Threads = 1;
        double alone = random.Dot(ones);
        TorchRuntime.Threads = 2;
        double together = random.Dot(ones);
        TorchRuntime.Threads = threads;
        Assert.Equal(alone, together);
    }
}
