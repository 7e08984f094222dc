using static TorchSharp.torch;

namespace TorchSharpMnist;

/// <summary>
/// A small convolutional network for images [N, 1, 28, 28]. Its channels are multiples of 16: on processors with
/// AVX-512 the oneDNN of libtorch 2.10 gets gradients of others wrong.
/// </summary>
public sealed class Net : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> _features = nn.Sequential(
        nn.Conv2d(1, 16, 5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(16, 16, 5),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten()
    );

    private readonly nn.Module<Tensor, Tensor> _classes = nn.Linear(256, 10);

    /// <summary>Makes the network with random weights.</summary>
    public Net()
        : base(nameof(Net)) => RegisterComponents();

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => _classes.call(_features.call(input));
}
