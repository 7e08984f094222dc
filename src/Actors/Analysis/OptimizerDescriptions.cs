using CurvatureMonitor.Curvature.Stability;
using CurvatureMonitor.Storage.Bundles;
using CurvatureMonitor.Training.Optimizers;

namespace CurvatureMonitor.Actors.Analysis;

/// <summary>The optimiser of a run, as its bundle or its training options describe it.</summary>
public static class OptimizerDescriptions
{
    /// <summary>
    /// The optimiser of a bundle; a number of Adam or SGD that the bundle leaves out has PyTorch's default, but for the
    /// learning rate, which has none.
    /// </summary>
    /// <param name="training">The training as <c>run.json</c> describes it.</param>
    public static OptimizerDescription Of(TrainingDescription training)
    {
        ArgumentNullException.ThrowIfNull(training);
        var name = training.Optimizer?.ToLowerInvariant();
        var adam = OptimizerOptions.DefaultsOf(OptimizerKind.Adam);
        return new OptimizerDescription
        {
            Name = name,
            LearningRate = training.LearningRate,
            Momentum = name switch
            {
                "sgd" => training.Momentum ?? 0,
                "adam" or "adamw" => training.Beta1 ?? adam.Beta1,
                _ => null,
            },
            Nesterov = name == "sgd" && (training.Nesterov ?? false),
            Beta2 = training.Beta2 ?? adam.Beta2,
            Epsilon = training.Epsilon ?? adam.Epsilon,
            Obstacle = name is "rmsprop" or "adagrad" or "nadam" or "radam"
                ? $"no limit: the checkpoint does not tell the state of {name}"
                : null,
            BatchSize = training.BatchSize,
            Samples = training.Samples,
        };
    }

    /// <summary>The optimiser of a training in this process.</summary>
    /// <param name="options">Its options.</param>
    /// <param name="batchSize">B.</param>
    /// <param name="samples">Samples that batches are drawn from.</param>
    public static OptimizerDescription Of(OptimizerOptions options, long batchSize, long samples)
    {
        ArgumentNullException.ThrowIfNull(options);
        var sgd = options.Kind == OptimizerKind.Sgd;
        return new OptimizerDescription
        {
            Name = options.Kind.ToString().ToLowerInvariant(),
            LearningRate = options.LearningRate,
            Momentum = sgd ? options.Momentum : options.Beta1,
            Nesterov = sgd && options.Nesterov,
            Beta2 = options.Beta2,
            Epsilon = options.Epsilon,
            BatchSize = batchSize,
            Samples = samples,
        };
    }
}
