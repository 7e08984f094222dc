using CurvatureMonitor.Derivatives.Functions;
using static TorchSharp.torch;

namespace CurvatureMonitor.Derivatives.Tests.Functions.Graphs;

/// <summary>Convolution, batch norm, ReLU, max pool and a linear layer, by our functions and by libtorch's.</summary>
internal sealed class SmallNet(long samples, long channels)
{
    private readonly Tensor _images = Values.Of([samples, 3, 12, 12], 1, ScalarType.Float32);

    private readonly Tensor _mean = zeros(channels),
        _variance = ones(channels);

    internal Tensor[] Leaves { get; } =
        [
            Values.Of([channels, 3, 3, 3], 2, ScalarType.Float32).requires_grad_(),
            Values.Of([channels], 3, ScalarType.Float32).requires_grad_(),
            Values.Of([channels], 4, ScalarType.Float32).requires_grad_(),
            Values.Of([channels], 5, ScalarType.Float32).requires_grad_(),
            Values.Of([5, channels * 25], 6, ScalarType.Float32).requires_grad_(),
            Values.Of([5], 7, ScalarType.Float32).requires_grad_(),
        ];

    internal Tensor Own()
    {
        var x = Convolution.Apply(_images, Leaves[0], Leaves[1], [1], [0], [1], false, [0], 1);
        x = Relu.Apply(StoredBatchNorm.Apply(x, Leaves[2], Leaves[3], _mean, _variance, 1e-5));
        x = MaxPool.Apply(x, [2], [2], [0], [1], false);
        return Linear.Apply(x.flatten(1), Leaves[4], Leaves[5]).square().sum();
    }

    internal Tensor Reference()
    {
        var x = nn.functional.conv2d(_images, Leaves[0], Leaves[1]);
        x = nn.functional.batch_norm(x, _mean, _variance, Leaves[2], Leaves[3], training: false).relu();
        x = nn.functional.max_pool2d(x, [2, 2]);
        return nn.functional.linear(x.flatten(1), Leaves[4], Leaves[5]).square().sum();
    }
}
