namespace CurvatureMonitor.Host.Commands;

/// <summary>What a command takes where the user says nothing.</summary>
internal sealed record TrainingDefaults(
    string Run, string Model, string Optimizer, string Schedule, long Steps, int BatchSize, int ProbeSamples, int LanczosSteps, string Analyses)
{
    /// <summary>
    /// A convolutional net with batch norm that is above 90 % after some 50 steps, at a learning rate that brings the sharpness near its limit. Batch and probe set are
    /// chosen so that a measurement of both operators takes some ten steps, on any machine: 2 · 10 products of about 1.6 gradients of 100 samples beside gradients of 384.
    /// </summary>
    internal static TrainingDefaults Demo { get; } = new("demo", "cnn-bn", "sgd:learning_rate=0.05;momentum=0.9", "warmup:40", 400, 384, 100, 10, "spectrum,gradient:4,trace:8,variance:16,tracking:8");

    /// <summary>PyTorch's usual choices.</summary>
    internal static TrainingDefaults Train { get; } = new("train", "mlp", "sgd:learning_rate=0.1", "constant", 1000, 128, 1000, 32, "spectrum,gradient:4,trace:8");
}
