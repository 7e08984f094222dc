namespace CurvatureMonitor.Host.Configuration;

/// <summary>
/// A training that is worth watching: a convolutional net with batch norm that is above 90 % after some 50 steps. For
/// 40 steps its rate is one that it learns well with; then the rate rises until the sharpness is beyond its limit, so
/// that there is something to be warned of. Batch and probe set are chosen so that a spectrum of both operators takes
/// some ten steps, on any machine: 2 · 10 products of about 1.6 gradients of 100 samples beside gradients of 384.
/// </summary>
[Section("training")]
internal sealed class DemoTrainOptions : TrainOptions
{
    public DemoTrainOptions()
    {
        Run = "demo";
        Model = "cnn-bn";
        Optimizer = "sgd:learning_rate=3.2;momentum=0.9";
        Schedule = "surge:40,0.015625";
        Steps = 260;
        BatchSize = 384;
        ProbeSamples = 100;
        Pace = 0.4;
    }
}
