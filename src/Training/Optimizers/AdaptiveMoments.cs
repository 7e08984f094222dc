using CurvatureMonitor.Derivatives;

namespace CurvatureMonitor.Training.Optimizers;

/// <summary>
/// <c>torch.optim.Adam</c> and <c>torch.optim.AdamW</c> (amsgrad off). Adam: g ← g + λθ; AdamW: θ ← (1 − ηλ)θ. Then m ←
/// β₁m + (1 − β₁)g, ν ← β₂ν + (1 − β₂)g∘g and θ ← θ − η/(1 − β₁ᵗ) · m / (√ν/√(1 − β₂ᵗ) + ε).
/// </summary>
internal sealed class AdaptiveMoments : Optimizer
{
    private readonly Vector _first;
    private readonly Vector _second;

    public AdaptiveMoments(OptimizerOptions options, Vector like)
        : base(options)
    {
        _first = like.ZerosLike();
        _second = like.ZerosLike();
    }

    public override Vector? SecondMoment => _second;

    private protected override void Update(Vector parameters, Vector gradient, double learningRate)
    {
        if (Options.WeightDecay != 0)
        {
            if (Options.Kind == OptimizerKind.AdamW)
            {
                parameters.Scale(1 - (learningRate * Options.WeightDecay));
            }
            else
            {
                gradient.Add(parameters, Options.WeightDecay);
            }
        }

        _first.Blend(Options.Beta1, gradient);
        _second.BlendSquare(Options.Beta2, gradient);
        var firstCorrection = 1 - Math.Pow(Options.Beta1, StepCount);
        var secondCorrection = 1 - Math.Pow(Options.Beta2, StepCount);
        parameters.AddRootQuotient(
            -learningRate / firstCorrection,
            _first,
            _second,
            1 / Math.Sqrt(secondCorrection),
            Options.Epsilon
        );
    }

    protected override void Dispose(bool disposing)
    {
        _first.Dispose();
        _second.Dispose();
    }
}
