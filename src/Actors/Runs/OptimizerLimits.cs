using CurvatureMonitor.Curvature.Stability;
using CurvatureMonitor.Training;
using CurvatureMonitor.Training.Optimizers;

namespace CurvatureMonitor.Actors.Runs;

/// <summary>The stability limits of a run's optimiser, by the learning rate of a checkpoint.</summary>
internal static class OptimizerLimits
{
    /// <summary>The limits; none where the learning rate is not known or has none.</summary>
    public static IReadOnlyList<StabilityLimit> At(TrainingRequest request, double? learningRate) =>
        learningRate is { } rate ? StabilityLimit.For(Settings(request.Training, request.TrainingData.Count, rate)) : [];

    private static OptimizerSettings Settings(TrainingOptions training, long samples, double learningRate)
    {
        var optimizer = training.Optimizer;
        return optimizer.Kind == OptimizerKind.Sgd
            ? new SgdSettings(learningRate, optimizer.Momentum, optimizer.Nesterov, training.BatchSize, samples)
            : new AdamSettings(learningRate, optimizer.Beta1, optimizer.Beta2, optimizer.Epsilon, optimizer.Kind == OptimizerKind.AdamW);
    }
}
