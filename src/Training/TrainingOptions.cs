using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Training.Arguments;
using CurvatureMonitor.Training.Models;
using CurvatureMonitor.Training.Optimizers;
using CurvatureMonitor.Training.Schedules;

namespace CurvatureMonitor.Training;

/// <summary>Everything that decides how a run trains: equal options on equal data give equal runs.</summary>
public sealed record TrainingOptions
{
    /// <summary>The built-in model with its arguments; see <see cref="BuiltInModels"/>.</summary>
    public NamedArguments Model { get; init; } = new("lenet", NamedArguments.None);

    /// <summary>The optimiser with its hyper-parameters.</summary>
    public OptimizerOptions Optimizer { get; init; } = OptimizerOptions.Default;

    /// <summary>The learning rate over the run.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Constant;

    /// <summary>T, the optimisation steps of the run.</summary>
    public long Steps { get; init; } = 1000;

    /// <summary>B, the samples of a step.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>
    /// Samples that an evaluation passes through the model at once; changes memory and speed, not results beyond
    /// rounding.
    /// </summary>
    public int EvaluationBatchSize { get; init; } = 500;

    /// <summary>Seed of the initial parameters and of the data order.</summary>
    public long Seed { get; init; }

    /// <summary>The loss.</summary>
    public Loss Loss { get; init; } = Loss.CrossEntropy;

    /// <summary>Element type of parameters and data.</summary>
    public ElementType ElementType { get; init; } = ElementType.Float32;

    /// <summary>Where the run trains.</summary>
    public Device Device { get; init; } = Device.Cpu;

    /// <summary>What is wrong with the options, one line a mistake; empty when a run can start.</summary>
    /// <returns>The mistakes.</returns>
    public IReadOnlyList<string> Mistakes()
    {
        var mistakes = new List<string>();
        try
        {
            BuiltInModels.Create(Model.Name, Model.Arguments);
        }
        catch (TrainingConfigurationException mistake)
        {
            mistakes.Add(mistake.Message);
        }

        mistakes.AddRange(Optimizer.Mistakes());
        void AtLeastOne(string name, long value)
        {
            if (value < 1)
            {
                mistakes.Add($"{name} is {value}: give a whole number of at least 1");
            }
        }

        AtLeastOne("steps", Steps);
        AtLeastOne("batch size", BatchSize);
        AtLeastOne("evaluation batch size", EvaluationBatchSize);
        return mistakes;
    }

    /// <summary>Makes sure that a run can start.</summary>
    /// <exception cref="TrainingConfigurationException">It cannot; the message lists every mistake, separated by ";
    /// ".</exception>
    public void Validate()
    {
        var mistakes = Mistakes();
        if (mistakes.Count > 0)
        {
            throw new TrainingConfigurationException(string.Join("; ", mistakes));
        }
    }
}
