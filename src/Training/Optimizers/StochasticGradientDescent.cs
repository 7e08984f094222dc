using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Training.Optimizers;

/// <summary>
/// <c>torch.optim.SGD</c> with dampening 0: d = g + λθ; m ← μm + d; then θ ← θ − ηm (heavy ball), θ ← θ − η(d + μm)
/// (Nesterov), or θ ← θ − ηd without momentum.
/// </summary>
/// <remarks>PyTorch starts m at the first d instead of at 0; with dampening 0 that is the same.</remarks>
internal sealed class StochasticGradientDescent : Optimizer
{
    private readonly Vector? _momentum;

    public StochasticGradientDescent(OptimizerOptions options, Vector like)
        : base(options) => _momentum = options.Momentum == 0 ? null : like.ZerosLike();

    private protected override void Update(Vector parameters, Vector gradient, double learningRate)
    {
        if (Options.WeightDecay != 0)
        {
            gradient.Add(parameters, Options.WeightDecay);
        }

        var direction = gradient;
        if (_momentum is not null)
        {
            _momentum.Scale(Options.Momentum);
            _momentum.Add(gradient);
            if (Options.Nesterov)
            {
                gradient.Add(_momentum, Options.Momentum);
            }
            else
            {
                direction = _momentum;
            }
        }

        parameters.Add(direction, -learningRate);
    }

    protected override void Dispose(bool disposing) => _momentum?.Dispose();
}
