using System.Globalization;
using CurvatureMonitor.Training.Arguments;

namespace CurvatureMonitor.Training.Optimizers;

/// <summary>
/// An optimiser and its hyper-parameters, with PyTorch's names and defaults, save the learning rate of SGD: PyTorch
/// (1.13) has none, here it is 0.1. What does not belong to the kind stays at its default.
/// </summary>
public sealed record OptimizerOptions
{
    private static readonly Dictionary<string, OptimizerKind> KindsByName = new()
    {
        ["sgd"] = OptimizerKind.Sgd,
        ["adam"] = OptimizerKind.Adam,
        ["adamw"] = OptimizerKind.AdamW,
    };

    /// <summary>SGD at its defaults.</summary>
    public static OptimizerOptions Default { get; } = new();

    /// <summary>Which optimiser.</summary>
    public OptimizerKind Kind { get; init; } = OptimizerKind.Sgd;

    /// <summary>η₀, the learning rate that the schedule multiplies.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>μ of SGD, in [0, 1).</summary>
    public double Momentum { get; init; }

    /// <summary>Whether the momentum of SGD is Nesterov's.</summary>
    public bool Nesterov { get; init; }

    /// <summary>β₁ of Adam and AdamW.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>β₂ of Adam and AdamW.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>ε of Adam and AdamW.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>
    /// λ: an L2 term λθ of the gradient for SGD and Adam, a factor 1 − ηλ on the parameters for AdamW.
    /// </summary>
    public double WeightDecay { get; init; }

    /// <summary>The name in texts: <c>sgd</c>, <c>adam</c>, <c>adamw</c>.</summary>
    public string Name => KindsByName.Single(pair => pair.Value == Kind).Key;

    /// <summary>
    /// Reads <c>sgd:learning_rate=0.1;momentum=0.9;nesterov=true;weight_decay=0.0005</c>,
    /// <c>adam:learning_rate=0.001;beta1=0.9;beta2=0.999;epsilon=1e-8</c>, <c>adamw:…</c>. What is absent has PyTorch's
    /// default (AdamW: weight decay 0.01).
    /// </summary>
    /// <param name="text">The text.</param>
    /// <returns>The options, checked.</returns>
    /// <exception cref="TrainingConfigurationException">There is no such optimiser, or a hyper-parameter is
    /// wrong.</exception>
    public static OptimizerOptions Parse(string text)
    {
        var (name, arguments) = NamedArguments.Parse(text, "optimizer");
        return Create(name, arguments);
    }

    /// <summary>Reads a name and its arguments; see <see cref="Parse"/>.</summary>
    /// <param name="name">sgd, adam or adamw.</param>
    /// <param name="arguments">The hyper-parameters.</param>
    /// <returns>The options, checked.</returns>
    /// <exception cref="TrainingConfigurationException">There is no such optimiser, or a hyper-parameter is
    /// wrong.</exception>
    public static OptimizerOptions Create(string name, IReadOnlyDictionary<string, string> arguments)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(arguments);
        if (!KindsByName.TryGetValue(name.Trim().ToLowerInvariant(), out var kind))
        {
            throw new TrainingConfigurationException(
                $"there is no optimizer '{name}': choose one of {string.Join(", ", KindsByName.Keys)}"
            );
        }

        var start = DefaultsOf(kind);
        var reader = new ArgumentReader($"optimizer {start.Name}", arguments);
        var options = start with
        {
            LearningRate = reader.Number("learning_rate", start.LearningRate),
            WeightDecay = reader.Number("weight_decay", start.WeightDecay),
        };
        options =
            kind == OptimizerKind.Sgd
                ? options with
                {
                    Momentum = reader.Number("momentum", 0),
                    Nesterov = reader.Flag("nesterov", false),
                }
                : options with
                {
                    Beta1 = reader.Number("beta1", start.Beta1),
                    Beta2 = reader.Number("beta2", start.Beta2),
                    Epsilon = reader.Number("epsilon", start.Epsilon),
                };
        reader.Finish();
        options.Validate();
        return options;
    }

    /// <summary>PyTorch's defaults of an optimiser.</summary>
    /// <param name="kind">Which optimiser.</param>
    /// <returns>Its options.</returns>
    public static OptimizerOptions DefaultsOf(OptimizerKind kind) =>
        kind switch
        {
            OptimizerKind.Sgd => new OptimizerOptions(),
            OptimizerKind.Adam => new OptimizerOptions { Kind = kind, LearningRate = 0.001 },
            OptimizerKind.AdamW => new OptimizerOptions
            {
                Kind = kind,
                LearningRate = 0.001,
                WeightDecay = 0.01,
            },
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "there is no such optimizer"),
        };

    /// <summary>What is wrong with the hyper-parameters, one line a mistake; empty when they can be used.</summary>
    /// <returns>The mistakes.</returns>
    public IReadOnlyList<string> Mistakes()
    {
        var mistakes = new List<string>();
        void Check(bool valid, string name, double value, string wanted)
        {
            if (!valid)
            {
                mistakes.Add(
                    $"optimizer {Name}: {name} is {value.ToString("R", CultureInfo.InvariantCulture)}: give {wanted}"
                );
            }
        }

        Check(double.IsFinite(LearningRate) && LearningRate > 0, "learning_rate", LearningRate, "a number above 0");
        Check(Momentum is >= 0 and < 1, "momentum", Momentum, "a number from 0 to below 1");
        Check(Beta1 is >= 0 and < 1, "beta1", Beta1, "a number from 0 to below 1");
        Check(Beta2 is >= 0 and < 1, "beta2", Beta2, "a number from 0 to below 1");
        Check(double.IsFinite(Epsilon) && Epsilon >= 0, "epsilon", Epsilon, "a number of at least 0");
        Check(double.IsFinite(WeightDecay) && WeightDecay >= 0, "weight_decay", WeightDecay, "a number of at least 0");
        if (Nesterov && Momentum == 0)
        {
            mistakes.Add(
                $"optimizer {Name}: Nesterov momentum needs a momentum above 0: give momentum=0.9, or nesterov=false"
            );
        }

        if (Kind != OptimizerKind.Sgd && (Momentum != 0 || Nesterov))
        {
            mistakes.Add($"optimizer {Name}: momentum belongs to sgd: set beta1 instead, or choose sgd");
        }

        return mistakes;
    }

    /// <summary>Makes sure that the hyper-parameters can be used.</summary>
    /// <exception cref="TrainingConfigurationException">They cannot; the message lists every mistake, separated by ";
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
