using System.Globalization;

namespace CurvatureMonitor.Contracts.Models;

/// <summary>A loss with its options, as a run names it; the mean over what it is a mean of.</summary>
/// <param name="Kind">Which loss.</param>
public sealed record LossDescription(Loss Kind)
{
    /// <summary>The class number of targets that do not count; null where all count.</summary>
    public long? IgnoreIndex { get; init; }

    /// <summary>The share of a target that is spread over all classes, 0 to 1.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>A weight a class; null where they are equal, or in a tensor.</summary>
    public IReadOnlyList<double>? Weight { get; init; }

    /// <summary>The tensor of the probe set's file that holds the weights; null where none does.</summary>
    public string? WeightTensor { get; init; }

    /// <summary>The tensor of the probe set's file that holds the weights of positive targets.</summary>
    public string? PositiveWeightTensor { get; init; }

    /// <summary>Where Huber's loss turns from squares to lines.</summary>
    public double Threshold { get; init; } = 1;

    /// <summary>Whether the outputs are logarithms of the expected counts.</summary>
    public bool LogInput { get; init; } = true;

    /// <summary>Whether Stirling's term is added.</summary>
    public bool Full { get; init; }

    /// <summary>What is added to an expected count before its logarithm is taken.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>
    /// Whether outputs and targets may have any shape; the two losses that are a name alone take those of tables and
    /// sequences.
    /// </summary>
    public bool TakesAnyShape { get; init; }

    /// <summary>The TorchScript file of the function, in the bundle.</summary>
    public string? File { get; init; }

    /// <summary>
    /// Whether the loss of a batch is no mean of its samples' own, so that the micro-batch is part of the definition.
    /// </summary>
    public bool Couples { get; init; }

    /// <summary>Whether it is one of the two that need no word beside their name.</summary>
    public bool IsPlain => Kind is Loss.CrossEntropy or Loss.MeanSquaredError && Equals(new LossDescription(Kind));

    /// <summary>A loss without options.</summary>
    public static implicit operator LossDescription(Loss kind) => new(kind);

    /// <inheritdoc/>
    public bool Equals(LossDescription? other) =>
        other is not null
        && Options(this).SequenceEqual(Options(other))
        && (Weight ?? []).SequenceEqual(other.Weight ?? []);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, IgnoreIndex, LabelSmoothing, File);

    /// <summary>Its name with the options that it has: <c>cross_entropy(ignore_index=0)</c>.</summary>
    public override string ToString()
    {
        List<string> options = [];
        Add(IgnoreIndex is not null, $"ignore_index={IgnoreIndex}");
        Add(LabelSmoothing != 0, $"label_smoothing={LabelSmoothing:R}");
        Add(Weight is not null || WeightTensor is not null, $"weight");
        Add(PositiveWeightTensor is not null, $"pos_weight");
        Add(Kind == Loss.SmoothAbsoluteError, $"beta={Threshold:R}");
        Add(Kind == Loss.Huber, $"delta={Threshold:R}");
        Add(Kind == Loss.Poisson && !LogInput, $"log_input=false");
        Add(Full, $"full");
        Add(File is not null, $"{File}");
        Add(Couples, $"over a batch as a whole");
        return options.Count == 0 ? Kind.Label() : $"{Kind.Label()}({string.Join(", ", options)})";

        void Add(bool isSet, FormattableString text)
        {
            if (isSet)
            {
                options.Add(text.ToString(CultureInfo.InvariantCulture));
            }
        }
    }

    private static object?[] Options(LossDescription loss) =>
        [
            loss.Kind,
            loss.IgnoreIndex,
            loss.LabelSmoothing,
            loss.WeightTensor,
            loss.PositiveWeightTensor,
            loss.Threshold,
            loss.LogInput,
            loss.Full,
            loss.Epsilon,
            loss.File,
            loss.Couples,
            loss.TakesAnyShape,
        ];
}
