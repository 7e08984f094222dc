namespace CurvatureMonitor.Host.Commands;

/// <summary>What a command takes where the user says nothing.</summary>
internal sealed record TrainingDefaults(
    string Run,
    string Model,
    string Optimizer,
    string Schedule,
    long Steps,
    int BatchSize,
    int ProbeSamples,
    int LanczosSteps,
    string Analyses,
    int Probes,
    string Budget,
    double Pace = 0
)
{
    /// <summary>
    /// A convolutional net with batch norm that is above 90 % after some 50 steps. For 40 steps its rate is one that it
    /// learns well with; then the rate rises until the sharpness is beyond its limit, so that there is something to be
    /// warned of. Batch and probe set are chosen so that a spectrum of both operators takes some ten steps, on any
    /// machine: 2 · 10 products of about 1.6 gradients of 100 samples beside gradients of 384.
    /// </summary>
    internal static TrainingDefaults Demo { get; } =
        new(
            "demo",
            "cnn-bn",
            "sgd:learning_rate=3.2;momentum=0.9",
            "surge:40,0.015625",
            260,
            384,
            100,
            10,
            "spectrum,gradient:4,trace:8,variance:20,tracking:8",
            Probes: 4,
            Budget: "none",
            Pace: 0.4
        );

    /// <summary>PyTorch's usual choices.</summary>
    internal static TrainingDefaults Train { get; } =
        new(
            "train",
            "mlp",
            "sgd:learning_rate=0.1",
            "constant",
            1000,
            128,
            1000,
            32,
            MonitoringArguments.UsualAnalyses,
            Probes: 8,
            MonitoringArguments.UsualBudget
        );
}
