using System.Collections.ObjectModel;

namespace CurvatureMonitor.Training.Arguments;

/// <summary>
/// A name with arguments, as people write it: <c>mlp:hidden=128,64;activation=tanh</c>. Used for models and optimisers.
/// Names and keys are compared without regard to case, and <c>-</c> in a key means <c>_</c>.
/// </summary>
/// <param name="Name">The name before the colon, in lower case.</param>
/// <param name="Arguments">Key to value, in the order written.</param>
public sealed record NamedArguments(string Name, IReadOnlyDictionary<string, string> Arguments)
{
    /// <summary>No arguments.</summary>
    public static IReadOnlyDictionary<string, string> None { get; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Reads <c>name</c> or <c>name:key=value;key=value</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="what">What is being named ("model", "optimizer"), for messages.</param>
    /// <returns>The name and its arguments.</returns>
    /// <exception cref="TrainingConfigurationException">The text does not have that form.</exception>
    public static NamedArguments Parse(string text, string what)
    {
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var name = (colon < 0 ? text : text[..colon]).Trim().ToLowerInvariant();
        if (name.Length == 0)
        {
            throw new TrainingConfigurationException(
                $"{what} '{text}' has no name: write NAME or NAME:key=value;key=value"
            );
        }

        var arguments = new Dictionary<string, string>(StringComparer.Ordinal);
        var rest = colon < 0 ? string.Empty : text[(colon + 1)..];
        foreach (var part in rest.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || equals == part.Length - 1)
            {
                throw new TrainingConfigurationException(
                    $"{what} argument '{part}' in '{text}' is not key=value: write {name}:key=value;key=value"
                );
            }

            if (!arguments.TryAdd(NormaliseKey(part[..equals]), part[(equals + 1)..].Trim()))
            {
                throw new TrainingConfigurationException(
                    $"{what} argument '{part[..equals].Trim()}' is given twice in '{text}': give it once"
                );
            }
        }

        return new NamedArguments(name, arguments.AsReadOnly());
    }

    /// <summary>The text that <see cref="Parse"/> reads back.</summary>
    /// <returns><c>name</c> or <c>name:key=value;key=value</c>.</returns>
    public override string ToString() =>
        Arguments.Count == 0
            ? Name
            : $"{Name}:{string.Join(';', Arguments.Select(argument => $"{argument.Key}={argument.Value}"))}";

    /// <summary>The form in which keys are compared.</summary>
    internal static string NormaliseKey(string key) => key.Trim().ToLowerInvariant().Replace('-', '_');
}
