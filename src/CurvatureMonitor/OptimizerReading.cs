using CurvatureMonitor.Contracts.Runs;
using CurvatureMonitor.Curvature.Stability;
using TorchSharp.Modules;
using static TorchSharp.torch;
using OptimizerState = CurvatureMonitor.Contracts.Runs.OptimizerState;

namespace CurvatureMonitor;

/// <summary>
/// The hyper-parameters of a TorchSharp optimiser as they are now. Where its parameter groups differ, a number is
/// unknown rather than wrong.
/// </summary>
/// <param name="Name">Its name in small letters, such as <c>sgd</c> or <c>rmsprop</c>.</param>
/// <param name="LearningRate">η of all groups; null where they differ.</param>
/// <param name="Momentum">β of SGD, β₁ of Adam and AdamW; null for others, and where groups differ.</param>
internal sealed record OptimizerReading(string Name, double? LearningRate, double? Momentum)
{
    /// <summary>As the stability limits need it, but for the learning rate, which checkpoints tell.</summary>
    public OptimizerDescription Description { get; private init; } = new();

    /// <summary>The optimiser as a checkpoint tells it; null where it is one that is not known here.</summary>
    public OptimizerState? State { get; private init; }

    /// <summary>Whether second moments are the greatest so far.</summary>
    public bool TakesGreatestMoments { get; private init; }

    /// <summary>Reads an optimiser.</summary>
    /// <param name="optimizer">The optimiser.</param>
    /// <param name="batchSize">B; null where unknown.</param>
    /// <param name="samples">Samples that batches are drawn from; null where unknown.</param>
    public static OptimizerReading Of(optim.Optimizer optimizer, long? batchSize = null, long? samples = null)
    {
        string name = optimizer.GetType().Name.ToLowerInvariant();
        var groups = optimizer.ParamGroups.ToList();
        var rate = Common(groups.Select(group => (double?)group.LearningRate));
        var options = groups.OfType<ParamGroup>().Select(group => group.Options).ToList();
        var numbers = options.Select(Numbers.Of).ToList();
        if (numbers.Count == 0 || numbers.Any(each => each is null))
        {
            return new OptimizerReading(name, rate, null)
            {
                Description = new OptimizerDescription
                {
                    Name = name,
                    BatchSize = batchSize,
                    Samples = samples,
                    Obstacle = $"no limit known of {name} here",
                },
            };
        }

        var first = numbers[0]!;
        bool alike = numbers.All(each => each == first);
        var momentum = Common(numbers.Select(each => (double?)each!.Momentum));
        return new OptimizerReading(name, rate, momentum)
        {
            State = new OptimizerState(name, [.. groups.OfType<ParamGroup>().Select(StateOf)]),
            TakesGreatestMoments = first.Greatest,
            Description = new OptimizerDescription
            {
                // The limits hold for the plain optimisers; under another name none is drawn.
                Name = alike && first.IsPlain ? name : $"{name} with options",
                Momentum = momentum,
                Nesterov = first.Nesterov,
                Beta2 = first.Beta2,
                Epsilon = first.Epsilon,
                BatchSize = batchSize,
                Samples = samples,
            },
        };
    }

    private static ParameterGroup StateOf(ParamGroup group)
    {
        var told = new ParameterGroup { LearningRate = group.LearningRate };
        return group.Options switch
        {
            SGD.Options sgd => told with
            {
                Momentum = sgd.momentum ?? 0,
                Nesterov = sgd.nesterov ?? false,
                Dampening = sgd.dampening ?? 0,
                Maximize = sgd.maximize ?? false,
            },
            Adam.Options adam => Adaptive(adam.beta1, adam.beta2, adam.eps, adam.maximize),
            AdamW.Options adam => Adaptive(adam.beta1, adam.beta2, adam.eps, adam.maximize),
            _ => told,
        };

        ParameterGroup Adaptive(double? beta1, double? beta2, double? epsilon, bool? maximize) =>
            told with
            {
                Beta1 = beta1 ?? 0.9,
                Beta2 = beta2 ?? 0.999,
                Epsilon = epsilon ?? 1e-8,
                Maximize = maximize ?? false,
            };
    }

    private static double? Common(IEnumerable<double?> values)
    {
        var distinct = values.Distinct().Take(2).ToList();
        return distinct.Count == 1 ? distinct[0] : null;
    }

    /// <summary>What a group's options say of an optimiser that has a stability limit.</summary>
    private sealed record Numbers(double Momentum, bool Nesterov, double Beta2, double Epsilon, bool Greatest)
    {
        private Numbers(double? beta1, double? beta2, double? epsilon, bool? greatest, bool? maximizes)
            : this(beta1 ?? 0.9, false, beta2 ?? 0.999, epsilon ?? 1e-8, greatest ?? false) =>
            IsPlain = maximizes is not true;

        /// <summary>Whether it is the optimiser that the limits are of: no dampening, and it minimises.</summary>
        public bool IsPlain { get; private init; } = true;

        /// <summary>The numbers of SGD, Adam and AdamW; null for others.</summary>
        public static Numbers? Of(OptimizerOptions options) =>
            options switch
            {
                SGD.Options sgd => new Numbers(sgd.momentum ?? 0, sgd.nesterov ?? false, 0.999, 1e-8, false)
                {
                    IsPlain = sgd.maximize is not true && sgd.dampening is null or 0,
                },
                Adam.Options adam => new(adam.beta1, adam.beta2, adam.eps, adam.amsgrad, adam.maximize),
                AdamW.Options adam => new(adam.beta1, adam.beta2, adam.eps, adam.amsgrad, adam.maximize),
                _ => null,
            };
    }
}
