using static TorchSharp.torch;

namespace CurvatureMonitor.Tests.Modules;

/// <summary>Small TorchSharp modules.</summary>
internal static class Networks
{
    /// <summary>Inputs to outputs by two layers with tanh between them.</summary>
    internal sealed class Perceptron : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> _first;
        private readonly nn.Module<Tensor, Tensor> _second;

        internal Perceptron(long inputs, long hidden, long outputs)
            : base(nameof(Perceptron))
        {
            (_first, _second) = (nn.Linear(inputs, hidden), nn.Linear(hidden, outputs));
            RegisterComponents();
        }

        /// <summary>Its first layer, to freeze.</summary>
        internal nn.Module First => _first;

        /// <summary>Its second layer.</summary>
        internal nn.Module Second => _second;

        public override Tensor forward(Tensor input) => _second.call(_first.call(input.flatten(1)).tanh());
    }

    /// <summary>A convolution with batch norm, for images [N, 1, 4, 4].</summary>
    internal sealed class Normalised : nn.Module<Tensor, Tensor>
    {
        private readonly nn.Module<Tensor, Tensor> _convolution = nn.Conv2d(1, 3, 3);
        private readonly nn.Module<Tensor, Tensor> _norm = nn.BatchNorm2d(3);
        private readonly nn.Module<Tensor, Tensor> _classes = nn.Linear(12, 4);

        internal Normalised()
            : base(nameof(Normalised)) => RegisterComponents();

        public override Tensor forward(Tensor input) =>
            _classes.call(_norm.call(_convolution.call(input)).tanh().flatten(1));
    }

    /// <summary>A recurrent network for sequences [N, T, 2], which classifies by its last state.</summary>
    internal sealed class Recurrent : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.LSTM _cells = nn.LSTM(2, 4, batchFirst: true);
        private readonly nn.Module<Tensor, Tensor> _classes = nn.Linear(4, 3);

        internal Recurrent()
            : base(nameof(Recurrent)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            var (states, _, _) = _cells.call(input);
            return _classes.call(states.select(1, -1));
        }
    }
}
