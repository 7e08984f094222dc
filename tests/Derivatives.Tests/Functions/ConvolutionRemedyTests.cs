using CurvatureMonitor.Derivatives.Functions;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Tests.Functions;

/// <summary>
/// oneDNN 3.7 reads memory that it never wrote, and misses terms; see <see cref="ChannelPadding"/>. Freed memory full
/// of NaN makes that show. On a processor without the faults these pass without the remedy.
/// </summary>
public sealed class ConvolutionRemedyTests
{
    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 2)]
    [InlineData(true, 1)]
    [InlineData(true, 2)]
    public void Channels_that_fill_no_block_are_right(bool transposed, long stride)
    {
        using var scope = NewDisposeScope();
        using var plain = no_grad();
        var geometry = ConvolutionGeometry.Of([stride], [1], [1], transposed, [0], 1);
        foreach (long c in new[] { 1, 3, 8, 12, 16, 17, 33, 40, 48, 50 })
        {
            foreach (long k in new[] { 1, 4, 16, 20, 33, 48 })
            {
                Tensor x = Values.Of([4, c, 12, 12], 1),
                    w = Values.Of(transposed ? [c, k, 3, 3] : [k, c, 3, 3], 2),
                    b = Values.Of([k], 3);
                Compare(t => geometry.Forward(t[0], t[1], t[2]), x, w, b);
                var gradient = Values.Like(geometry.Forward(x, w, b), 4);
                Compare(t => geometry.ToInput(t[0], t[1], t[2]), gradient, x, w);
                Compare(t => geometry.ToWeight(t[0], t[1], t[2]), gradient, x, w);
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Channels_of_groups_are_right(bool transposed)
    {
        using var scope = NewDisposeScope();
        using var plain = no_grad();
        var geometry = ConvolutionGeometry.Of([2], [1], [1], transposed, [0], 3);
        foreach (long c in new[] { 1, 8, 20, 40, 48 })
        {
            foreach (long k in new[] { 1, 20, 33, 40 })
            {
                // w has the channels of a group in its second dimension.
                Tensor x = Values.Of([2, 3 * c, 9, 9], 1),
                    w = Values.Of(transposed ? [3 * c, k, 3, 3] : [3 * k, c, 3, 3], 2),
                    b = Values.Of([3 * k], 3);
                Compare(t => geometry.Forward(t[0], t[1], t[2]), x, w, b);
                var gradient = Values.Like(geometry.Forward(x, w, b), 4);
                Compare(t => geometry.ToInput(t[0], t[1], t[2]), gradient, x, w);
                Compare(t => geometry.ToWeight(t[0], t[1], t[2]), gradient, x, w);
            }
        }
    }

    [Theory]
    [InlineData(1, 20)]
    [InlineData(6, 8)]
    public void Samples_that_fill_no_block_are_right(long channels, long pixels)
    {
        using var scope = NewDisposeScope();
        using var plain = no_grad();
        var geometry = ConvolutionGeometry.Of([1], [1], [1], false, [0], 1);
        foreach (long n in new[] { 1, 7, 8, 9, 16, 17, 33, 50, 100 })
        {
            Tensor x = Values.Of([n, channels, pixels, pixels], 1),
                w = Values.Of([20, channels, 3, 3], 2);
            var gradient = Values.Like(geometry.Forward(x, w, null), 4);
            Assert.True(SamplesAsChannels.Suits(gradient.to(ScalarType.Float32), x.to(ScalarType.Float32), w));
            Compare(t => geometry.ToWeight(t[0], t[1], t[2]), gradient, x, w);
        }
    }

    private static void Compare(Func<Tensor[], Tensor> function, params Tensor[] inputs)
    {
        using var scope = NewDisposeScope();
        var expected = function(inputs).to(ScalarType.Float32);
        Tensor[] shorter = [.. inputs.Select(input => input.to(ScalarType.Float32))];
        FillFreedMemory();
        string name = string.Join(" ∗ ", inputs.Select(input => string.Join("×", input.shape)));
        AssertDerivatives.Close(name, function(shorter), expected, 1e-4);
    }

    private static void FillFreedMemory()
    {
        for (int i = 0; i < 40; i++)
        {
            using var memory = full([(i % 11 + 1) * (2L << i % 16)], float.NaN);
        }
    }
}
