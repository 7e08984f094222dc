using System.Globalization;

namespace CurvatureMonitor.Training.Arguments;

/// <summary>
/// Reads the arguments of one named thing with their types, and refuses the ones that nobody asked for, so that a
/// misspelt argument is an error and never a default in disguise. Call <see cref="Finish"/> last.
/// </summary>
internal sealed class ArgumentReader
{
    private readonly string _what;
    private readonly Dictionary<string, string> _given = new(StringComparer.Ordinal);
    private readonly List<string> _known = [];

    /// <summary>Starts reading.</summary>
    /// <param name="what">What the arguments belong to ("model mlp"), for messages.</param>
    /// <param name="arguments">The arguments given.</param>
    public ArgumentReader(string what, IReadOnlyDictionary<string, string> arguments)
    {
        _what = what;
        foreach (var (key, value) in arguments)
        {
            if (!_given.TryAdd(NamedArguments.NormaliseKey(key), value.Trim()))
            {
                throw new TrainingConfigurationException($"{what}: argument '{key}' is given twice: give it once");
            }
        }
    }

    /// <summary>One of a few words.</summary>
    public T Choice<T>(string key, T otherwise, IReadOnlyDictionary<string, T> choices) =>
        !Take(key, out var text) ? otherwise
        : choices.TryGetValue(text.ToLowerInvariant(), out var chosen) ? chosen
        : throw Wrong(key, text, $"one of {string.Join(", ", choices.Keys)}");

    /// <summary>True or false.</summary>
    public bool Flag(string key, bool otherwise) =>
        !Take(key, out var text) ? otherwise
        : bool.TryParse(text, out var flag) ? flag
        : throw Wrong(key, text, "true or false");

    /// <summary>A finite real number.</summary>
    public double Number(string key, double otherwise) =>
        !Take(key, out var text) ? otherwise
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number)
            ? number
        : throw Wrong(key, text, "a number");

    /// <summary>A positive whole number.</summary>
    public long Size(string key, long otherwise) =>
        !Take(key, out var text) ? otherwise
        : TrySize(text, out var size) ? size
        : throw Wrong(key, text, "a whole number of at least 1");

    /// <summary>Positive whole numbers separated by a comma (or <c>x</c>).</summary>
    public IReadOnlyList<long> Sizes(string key, IReadOnlyList<long> otherwise)
    {
        if (!Take(key, out var text))
        {
            return otherwise;
        }

        var sizes = new List<long>();
        foreach (var part in text.Trim('[', ']').Split([',', 'x'], StringSplitOptions.TrimEntries))
        {
            sizes.Add(
                TrySize(part, out var size)
                    ? size
                    : throw Wrong(key, text, "whole numbers of at least 1, separated by commas")
            );
        }

        return sizes;
    }

    /// <summary>Refuses arguments that were given but never asked for.</summary>
    /// <exception cref="TrainingConfigurationException">There is one.</exception>
    public void Finish()
    {
        var unknown = _given.Keys.FirstOrDefault(key => !_known.Contains(key));
        if (unknown is not null)
        {
            var takes = _known.Count == 0 ? "it takes none" : $"it takes {string.Join(", ", _known)}";
            throw new TrainingConfigurationException($"{_what} has no argument '{unknown}': {takes}");
        }
    }

    private static bool TrySize(string text, out long size) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out size) && size >= 1;

    private bool Take(string key, out string text)
    {
        _known.Add(key);
        return _given.TryGetValue(key, out text!);
    }

    private TrainingConfigurationException Wrong(string key, string text, string wanted) =>
        new($"{_what}: {key}={text} is not valid: give {wanted}");
}
