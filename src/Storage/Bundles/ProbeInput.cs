using CurvatureMonitor.Storage.Safetensors;

namespace CurvatureMonitor.Storage.Bundles;

/// <summary>
/// What one argument of a model is given of all samples [N, …]: numbers, whole numbers or truth values.
/// </summary>
public sealed class ProbeInput
{
    private readonly double[]? _numbers;
    private readonly long[]? _wholes;
    private readonly bool[]? _truths;
    private readonly long[] _shape;

    /// <summary>Takes over checked elements, double, long or bool.</summary>
    internal ProbeInput(string? name, long[] shape, Array values)
    {
        (Name, _shape) = (name, shape);
        _numbers = values as double[];
        _wholes = values as long[];
        _truths = values as bool[];
    }

    /// <summary>Its name in the file, without the prefix; null for the one input that has none.</summary>
    public string? Name { get; }

    /// <summary>The shape, [N, …].</summary>
    public IReadOnlyList<long> Shape => _shape;

    /// <summary>Floating-point numbers, row-major; empty where it has others.</summary>
    public ReadOnlyMemory<double> Numbers => _numbers;

    /// <summary>
    /// Whole numbers, such as tokens, row-major; empty where it has others. A model takes them as int64.
    /// </summary>
    public ReadOnlyMemory<long> Wholes => _wholes;

    /// <summary>Truth values, such as a mask of padding, row-major; empty where it has others.</summary>
    public ReadOnlyMemory<bool> Truths => _truths;

    /// <summary>Name and shape, for messages: <c>mask [100, 16]</c>.</summary>
    public override string ToString() =>
        Name is null ? TensorEntry.Text(_shape) : $"{BundleException.Quote(Name)} {TensorEntry.Text(_shape)}";

    /// <summary>The name of its tensor in the file.</summary>
    internal static string TensorName(string? name) =>
        name is null ? ProbeSet.InputsName : $"{ProbeSet.InputsName}.{name}";

    /// <summary>Chosen samples, in the given order.</summary>
    internal ProbeInput Select(ReadOnlySpan<long> samples)
    {
        long[] shape = [samples.Length, .. _shape[1..]];
        return new ProbeInput(
            Name,
            shape,
            _numbers is not null ? Rows(_numbers, samples, _shape[0])
                : _wholes is not null ? Rows(_wholes, samples, _shape[0])
                : Rows(_truths!, samples, _shape[0])
        );
    }

    /// <summary>What is written to the file.</summary>
    /// <param name="isWide">Whether numbers are written as float64, or else as float32.</param>
    internal TensorContent Content(bool isWide)
    {
        string name = TensorName(Name);
        return _wholes is not null ? TensorContent.From(name, _shape, _wholes)
            : _truths is not null
                ? TensorContent.FromBytes(
                    name,
                    TensorType.Bool,
                    _shape,
                    Array.ConvertAll(_truths, truth => truth ? (byte)1 : (byte)0)
                )
            : Content(name, _shape, _numbers!, isWide);
    }

    /// <summary>Numbers as float64 or float32.</summary>
    internal static TensorContent Content(string name, long[] shape, double[] numbers, bool isWide) =>
        isWide
            ? TensorContent.From(name, shape, numbers)
            : TensorContent.From(name, shape, Array.ConvertAll(numbers, value => (float)value));

    /// <summary>Chosen rows of an array of samples.</summary>
    internal static T[] Rows<T>(T[] values, ReadOnlySpan<long> samples, long count)
    {
        int width = values.Length / (int)count;
        var rows = new T[samples.Length * width];
        for (int i = 0; i < samples.Length; i++)
        {
            values.AsSpan((int)samples[i] * width, width).CopyTo(rows.AsSpan(i * width));
        }

        return rows;
    }
}
