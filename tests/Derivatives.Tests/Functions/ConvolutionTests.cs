using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Tests.Functions;

/// <summary>Convolutions and their derivatives are libtorch's, in every geometry.</summary>
public sealed class ConvolutionTests
{
    // x [N, C, …], w [K, C / groups, …]; stride, padding, dilation, output padding; transposed, groups.
    public static TheoryData<ConvolutionCase> Cases =>
        [
            new("1d", [2, 3, 9], [4, 3, 3], [1], [0], [1]),
            new("1d strided", [2, 3, 10], [4, 3, 3], [2], [1], [2]),
            new("2d", [2, 3, 6, 5], [4, 3, 3, 3], [1, 1], [1, 1], [1, 1]),
            new("2d, all unequal", [2, 3, 9, 11], [5, 3, 3, 2], [2, 3], [1, 2], [2, 1]),
            new("2d, a stride that skips the end", [1, 2, 8, 8], [3, 2, 3, 3], [3, 3], [0, 0], [1, 1]),
            new("2d, grey images", [5, 1, 13, 12], [4, 1, 5, 3], [1, 1], [2, 0], [1, 1]),
            new("2d, small images", [19, 6, 5, 4], [7, 6, 3, 3], [1, 1], [1, 1], [1, 1]),
            new("2d grouped", [2, 6, 5, 5], [9, 2, 3, 3], [1, 1], [1, 1], [1, 1]) { Groups = 3 },
            new("2d depthwise", [2, 4, 6, 6], [4, 1, 3, 3], [2, 2], [1, 1], [1, 1]) { Groups = 4 },
            new("2d, one weight", [3, 7, 4, 4], [5, 7, 1, 1], [1, 1], [0, 0], [1, 1]),
            new("2d, one number for both", [2, 3, 7, 7], [4, 3, 3, 3], [2], [1], [1]),
            new("2d, one sample without a batch", [3, 7, 7], [4, 3, 3, 3], [1, 1], [1, 1], [1, 1]),
            new("3d", [2, 2, 5, 4, 6], [3, 2, 2, 3, 2], [1, 2, 1], [1, 0, 1], [1, 1, 2]),
            new("1d transposed", [2, 3, 5], [3, 2, 3], [2], [1], [1]) { Transposed = true, OutputPadding = [1] },
            new("2d transposed", [2, 4, 5, 4], [4, 3, 3, 2], [2, 3], [1, 0], [1, 2])
            {
                Transposed = true,
                OutputPadding = [1, 2],
            },
            new("2d transposed, grouped", [2, 4, 5, 4], [4, 3, 3, 2], [2, 2], [1, 0], [1, 1])
            {
                Transposed = true,
                OutputPadding = [0, 1],
                Groups = 2,
            },
            new("3d transposed", [1, 2, 3, 4, 3], [2, 2, 2, 2, 2], [2, 1, 1], [0, 1, 0], [1, 1, 1])
            {
                Transposed = true,
                OutputPadding = [1, 0, 0],
            },
        ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Derivatives_are_libtorchs(ConvolutionCase geometry)
    {
        foreach (var type in new[] { ScalarType.Float64, ScalarType.Float32 })
        {
            foreach (var (image, bias) in new[] { (true, true), (false, true), (true, false), (false, false) })
            {
                using var scope = NewDisposeScope();
                AssertDerivatives.SameInDouble(geometry.Own, geometry.Reference, geometry.Inputs(type, image, bias));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Derivatives_agree_with_differences(ConvolutionCase geometry)
    {
        using var scope = NewDisposeScope();
        AssertDerivatives.AgreeWithDifferences(geometry.Own, geometry.Inputs(ScalarType.Float64, true, true));
    }

    [Fact]
    public void Tensors_need_not_be_contiguous()
    {
        using var scope = NewDisposeScope();
        Tensor x = Values.Of([6, 5, 3, 2], 1).permute(3, 2, 0, 1).detach().requires_grad_(),
            w = Values.Of([3, 3, 3, 4], 2).permute(3, 2, 1, 0).detach().requires_grad_(),
            b = Values.Of([4, 2], 3).select(1, 0).detach().requires_grad_();
        Assert.False(x.is_contiguous());
        var geometry = new ConvolutionCase("", [], [], [1, 1], [1, 1], [1, 1]);
        AssertDerivatives.SameInDouble(geometry.Own, geometry.Reference, x, w, b);
    }

    [Fact]
    public void Only_bias_or_only_weight_may_be_trained()
    {
        using var scope = NewDisposeScope();
        var geometry = new ConvolutionCase("", [2, 3, 6, 5], [4, 3, 3, 3], [1, 1], [1, 1], [1, 1]);
        for (int trained = 0; trained < 3; trained++)
        {
            var inputs = geometry.Inputs(ScalarType.Float64, false, true);
            for (int i = 0; i < 3; i++)
            {
                inputs[i].requires_grad_(i == trained);
            }

            AssertDerivatives.SameInDouble(geometry.Own, geometry.Reference, inputs);
        }
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_libtorchs_error()
    {
        using var scope = NewDisposeScope();
        var geometry = new ConvolutionCase("", [2, 3, 6, 5], [4, 2, 3, 3], [1, 1], [1, 1], [1, 1]);
        var inputs = geometry.Inputs(ScalarType.Float64, true, true);
        var thrown = Assert.ThrowsAny<Exception>(() => geometry.Own(inputs));
        Assert.Contains("channels", thrown.Message, StringComparison.Ordinal);
    }
}
