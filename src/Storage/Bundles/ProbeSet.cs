using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Storage.Safetensors;

namespace CurvatureMonitor.Storage.Bundles;

/// <summary>
/// The samples on which a run's curvature is measured, in their fixed order: inputs [N, …], one or several, with class
/// labels or numbers as targets, [N, …], as the run's loss takes them.
/// </summary>
public sealed class ProbeSet
{
    /// <summary>The file's name in a bundle.</summary>
    public const string FileName = "probe.safetensors";

    internal const string InputsName = "inputs";
    internal const string TargetsName = "targets";

    private readonly long[]? _labels;
    private readonly double[]? _targets;
    private readonly long[] _targetShape;

    /// <summary>Takes over checked numbers.</summary>
    internal ProbeSet(
        ElementType type,
        IReadOnlyList<ProbeInput> inputs,
        (long[]? Labels, double[]? Numbers, long[] Shape) targets
    )
    {
        ElementType = type;
        Inputs = inputs;
        (_labels, _targets, _targetShape) = targets;
    }

    /// <summary>The number of samples N.</summary>
    public long Count => _targetShape[0];

    /// <summary>
    /// The type that the inputs are stored in: float64 where one of them is, or float32 for everything narrower.
    /// </summary>
    public ElementType ElementType { get; }

    /// <summary>
    /// What the model is given, in the order of its forward's arguments: one input without a name, or named ones.
    /// </summary>
    public IReadOnlyList<ProbeInput> Inputs { get; }

    /// <summary>Names and shapes of the inputs, for messages.</summary>
    public string InputText => string.Join(", ", Inputs);

    /// <summary>Whether the targets are class labels.</summary>
    public bool IsClassification => _labels is not null;

    /// <summary>The shape of the targets, [N, …].</summary>
    public ReadOnlySpan<long> TargetShape => _targetShape;

    /// <summary>Tensors beside inputs and targets: weights of the loss, by their names.</summary>
    public IReadOnlyDictionary<string, ProbeTensor> Others { get; init; } = new Dictionary<string, ProbeTensor>();

    /// <summary>Targets that are whole numbers, such as class labels, row-major; empty where they are not.</summary>
    public ReadOnlyMemory<long> Labels => _labels;

    /// <summary>
    /// T, the labels a sample has where the model classifies positions of a sequence, with outputs [N, K, T]; 0 where
    /// labels are [N].
    /// </summary>
    public long Positions => IsClassification && _targetShape.Length > 1 ? _targetShape[1] : 0;

    /// <summary>Targets that are numbers, row-major; empty where they are labels.</summary>
    public ReadOnlyMemory<double> Targets => _targets;

    /// <summary>K, the numbers a target has; 0 for classification, whose number of classes is the model's.</summary>
    public long Outputs => IsClassification || _targetShape.Length < 2 ? 0 : _targetShape[1];

    /// <summary>The loss that goes with the targets.</summary>
    public Loss Loss => IsClassification ? Loss.CrossEntropy : Loss.MeanSquaredError;

    /// <summary>Makes a probe set with class labels; the data are copied.</summary>
    /// <param name="inputs">N samples, row-major.</param>
    /// <param name="inputShape">[N, …].</param>
    /// <param name="labels">N class numbers.</param>
    /// <exception cref="ArgumentException">The sizes do not agree or a label is negative.</exception>
    public static ProbeSet Classification(
        ReadOnlySpan<float> inputs,
        ReadOnlySpan<long> inputShape,
        ReadOnlySpan<long> labels
    )
    {
        CheckShape(inputs.Length, inputShape, labels.Length);
        if (labels.ContainsAnyInRange(long.MinValue, -1))
        {
            throw new ArgumentException("a label is negative", nameof(labels));
        }

        return new ProbeSet(
            ElementType.Float32,
            [new ProbeInput(null, inputShape.ToArray(), Widen(inputs))],
            (labels.ToArray(), null, [labels.Length])
        );
    }

    /// <summary>Makes a probe set with numbers as targets; the data are copied.</summary>
    /// <param name="inputs">N samples, row-major.</param>
    /// <param name="inputShape">[N, …].</param>
    /// <param name="targets">N·K numbers, row-major.</param>
    /// <param name="outputs">K.</param>
    /// <exception cref="ArgumentException">The sizes do not agree.</exception>
    public static ProbeSet Regression(
        ReadOnlySpan<float> inputs,
        ReadOnlySpan<long> inputShape,
        ReadOnlySpan<float> targets,
        long outputs
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        CheckShape(inputs.Length, inputShape, targets.Length / outputs);
        ArgumentOutOfRangeException.ThrowIfNotEqual(targets.Length % outputs, 0, nameof(targets));
        return new ProbeSet(
            ElementType.Float32,
            [new ProbeInput(null, inputShape.ToArray(), Widen(inputs))],
            (null, Widen(targets), [inputShape[0], outputs])
        );
    }

    /// <summary>Reads and checks <c>probe.safetensors</c>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="loss">The loss that the targets must suit: whole numbers [N] or [N, T] for cross-entropy,
    /// floating-point [N, K] for mse, others as docs/bundles.md tells.</param>
    /// <param name="inputs">The names of the inputs, in their order; null for the one that has none.</param>
    /// <exception cref="BundleException">The file is malformed, a tensor is missing, mis-shaped, of the wrong type or
    /// not finite.</exception>
    public static ProbeSet Read(string path, LossDescription loss, IReadOnlyList<string>? inputs = null) =>
        ProbeSetReader.Read(path, loss, inputs);

    /// <summary>Writes <c>probe.safetensors</c>; the file appears whole, by rename.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BundleException">The file cannot be written.</exception>
    public void Write(string path) =>
        SafetensorsWriter.WriteFile(
            path,
            [
                .. Inputs.Select(input => input.Content(ElementType == ElementType.Float64)),
                _labels is not null
                    ? TensorContent.From(TargetsName, _targetShape, _labels)
                    : ProbeInput.Content(
                        TargetsName,
                        _targetShape,
                        _targets!,
                        ElementType == ElementType.Float64
                    ),
                .. Others.Select(pair =>
                    TensorContent.From(pair.Key, pair.Value.Shape.ToArray(), pair.Value.Values.ToArray())
                ),
            ]
        );

    /// <summary>Chosen samples, in the given order.</summary>
    /// <param name="samples">Sample numbers, from 0; one may come more than once.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    public ProbeSet Select(ReadOnlySpan<long> samples)
    {
        foreach (long sample in samples)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(sample, nameof(samples));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sample, Count, nameof(samples));
        }

        var inputs = new ProbeInput[Inputs.Count];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = Inputs[i].Select(samples);
        }

        return new ProbeSet(
            ElementType,
            inputs,
            (
                _labels is null ? null : ProbeInput.Rows(_labels, samples, Count),
                _targets is null ? null : ProbeInput.Rows(_targets, samples, Count),
                [samples.Length, .. _targetShape[1..]]
            )
        )
        {
            Others = Others,
        };
    }

    private static void CheckShape(long inputs, ReadOnlySpan<long> shape, long targets)
    {
        long size = 1;
        foreach (long extent in shape)
        {
            size = checked(size * extent);
        }

        if (shape.IsEmpty || size <= 0 || size != inputs || shape[0] != targets)
        {
            throw new ArgumentException(
                $"{inputs} inputs of shape {TensorEntry.Text(shape.ToArray())} do not go with {targets} targets",
                nameof(inputs)
            );
        }
    }

    private static double[] Widen(ReadOnlySpan<float> values)
    {
        var result = new double[values.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = values[i];
        }

        return result;
    }
}
