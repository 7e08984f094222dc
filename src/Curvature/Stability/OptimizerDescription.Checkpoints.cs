using CurvatureMonitor.Contracts.Runs;

namespace CurvatureMonitor.Curvature.Stability;

public sealed partial record OptimizerDescription
{
    /// <summary>
    /// The optimiser at a checkpoint. One that tells the optimiser's state has all from there, so that what has changed
    /// since the start is not what is used; one that does not has its rate and momentum, else those of the run. The
    /// batch size is the checkpoint's, else the run's.
    /// </summary>
    /// <param name="checkpoint">What the checkpoint says.</param>
    public OptimizerDescription AtCheckpoint(CheckpointInfo checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        var batch = checkpoint.BatchSize ?? BatchSize;
        return checkpoint.Optimizer is { } state
            ? Of(state) with
            {
                Step = checkpoint.OptimizerStep,
                BatchSize = batch,
                Samples = Samples,
            }
            : this with
            {
                LearningRate = checkpoint.LearningRate ?? LearningRate,
                Momentum = checkpoint.Momentum ?? Momentum,
                Step = checkpoint.OptimizerStep,
                BatchSize = batch,
            };
    }

    /// <summary>The optimiser at one step.</summary>
    /// <param name="state">Its state.</param>
    public static OptimizerDescription Of(OptimizerState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var rate = state.Common(group => group.LearningRate);
        var description = Numbers(state) with
        {
            Name = state.Kind,
            LearningRate = rate,
            Obstacle = ObstacleOf(state),
        };
        if (rate is not null || state.Agree(group => group.LearningRate) || description.Obstacle is not null)
        {
            return description;
        }

        bool told = state.Groups.All(group => group is { LearningRate: not null, Parameters: not null });
        return told
            ? description with
            {
                RatedGroups = state.Groups,
            }
            : description with
            {
                Obstacle = "no limit: the learning rates of the groups differ, and whose they are is not told",
            };
    }

    private static OptimizerDescription Numbers(OptimizerState state)
    {
        bool isSgd = state.Kind == "sgd";
        bool isRootMeanSquare = state.Kind == "rmsprop";
        return new OptimizerDescription
        {
            Momentum =
                isSgd || isRootMeanSquare
                    ? state.Common<double>(group => group.Momentum ?? 0)
                    : state.Common(group => group.Beta1),
            Nesterov = isSgd && (state.Common(group => group.Nesterov) ?? false),
            Dampening = state.Common(group => group.Dampening) ?? 0,
            Beta2 = state.Common(group => group.Beta2) ?? 0.999,
            Epsilon = state.Common(group => group.Epsilon) ?? (state.Kind == "adagrad" ? 1e-10 : 1e-8),
            MomentumDecay = state.Common(group => group.MomentumDecay) ?? 0.004,
            RateDecay = state.Common(group => group.RateDecay) ?? 0,
        };
    }

    // A number that a limit depends on must be one for all parameters; the rates alone may differ.
    private static string? ObstacleOf(OptimizerState state)
    {
        if (state.Groups.Any(group => group.Maximize == true))
        {
            return "no limit: the optimiser ascends (maximize)";
        }

        (string Name, bool Agree)[] numbers =
        [
            ("momenta", state.Agree<double>(group => group.Momentum ?? 0)),
            ("Nesterov momenta", state.Agree<bool>(group => group.Nesterov ?? false)),
            ("dampenings", state.Agree<double>(group => group.Dampening ?? 0)),
            ("betas", state.Agree(group => group.Beta1) && state.Agree(group => group.Beta2)),
            ("epsilons", state.Agree(group => group.Epsilon)),
            ("decays", state.Agree(group => group.MomentumDecay) && state.Agree(group => group.RateDecay)),
        ];
        return numbers.Where(number => !number.Agree).Select(number => number.Name).FirstOrDefault() is { } differ
            ? $"no limit known: the {differ} of the parameter groups differ"
            : null;
    }
}
