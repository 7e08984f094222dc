using CurvatureMonitor.Contracts.Events;
using CurvatureMonitor.Metrics.Registry;

namespace CurvatureMonitor.Metrics.Series;

/// <summary>
/// The last step of the training, replaced as a whole. The accuracy is evaluated less often than a step is done, and
/// stays until the next evaluation.
/// </summary>
internal sealed class TrainingSeries(RunSeries run)
{
    private readonly Gauge _step = run.Add(run.Families.Training.Step);
    private readonly Gauge _loss = run.Add(run.Families.Training.Loss);
    private readonly Gauge _accuracy = run.Add(run.Families.Training.Accuracy);
    private readonly Gauge _learningRate = run.Add(run.Families.Training.LearningRate);
    private readonly Gauge _momentum = run.Add(run.Families.Training.Momentum);
    private readonly Gauge _batchSize = run.Add(run.Families.Training.BatchSize);
    private readonly Gauge _damping = run.Add(run.Families.Training.Damping);
    private readonly Gauge _gradientNorm = run.Add(run.Families.Training.GradientNorm);

    public void Set(TrainingProgressed progressed)
    {
        var step = progressed.Step;
        Set(step.Step, step.Loss, step.LearningRate, step.BatchSamples, step.GradientNorm);
        _momentum.Set(run.Description.Momentum);
        _damping.Set(run.Description.Damping);
        if (progressed.Evaluation?.Accuracy is { } accuracy)
        {
            _accuracy.Set(accuracy);
        }
    }

    public void Set(TrainingReported reported)
    {
        Set(reported.Step, reported.Loss, reported.LearningRate, reported.BatchSize, gradientNorm: null);
        _momentum.Set(reported.TellsOptimizer ? reported.Momentum : run.Description.Momentum);
        run.Set(run.Families.Training.Difference, reported.Difference);
        _damping.Set(reported.TellsOptimizer ? reported.Damping : run.Description.Damping);
    }

    private void Set(long step, double? loss, double? learningRate, long? batchSize, double? gradientNorm)
    {
        _step.Set(step);
        _loss.Set(loss);
        _learningRate.Set(learningRate);
        _batchSize.Set(batchSize);
        _gradientNorm.Set(gradientNorm);
    }
}
