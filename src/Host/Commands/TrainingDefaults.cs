namespace CurvatureMonitor.Host.Commands;

/// <summary>What a command takes where the user says nothing.</summary>
internal sealed record TrainingDefaults(string Run, string Model, string Optimizer, long Steps, int ProbeSamples, int LanczosSteps)
{
    /// <summary>A convolutional net with batch norm that is above 90 % after some 50 steps, measured often enough to see the sharpness move.</summary>
    internal static TrainingDefaults Demo { get; } = new("demo", "cnn-bn", "sgd:learning_rate=0.01;momentum=0.9", 400, 200, 16);

    /// <summary>PyTorch's usual choices.</summary>
    internal static TrainingDefaults Train { get; } = new("train", "mlp", "sgd:learning_rate=0.1", 1000, 1000, 32);
}
