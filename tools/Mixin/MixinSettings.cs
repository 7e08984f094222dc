using System.Text.Json.Nodes;

namespace CurvatureMonitor.Mixin;

/// <summary>One object of the configuration, read by key as PromQL text.</summary>
/// <param name="where">The object's place, for messages.</param>
/// <param name="values">The object.</param>
internal sealed class MixinSettings(string where, JsonObject values)
{
    /// <summary>The text or the number under a key, as it is written in PromQL.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="MixinException">There is none.</exception>
    public string this[string key] => MixinConfiguration.Text(values, key, where);

    /// <summary>The text or the number under a key as it is written in PromQL; null where there is none.</summary>
    /// <param name="key">The key.</param>
    public string? Optional(string key) => values.ContainsKey(key) ? this[key] : null;

    /// <summary>The number under a key.</summary>
    /// <param name="key">The key.</param>
    public double Number(string key) =>
        values[key] is JsonValue value && value.TryGetValue(out double number)
            ? number
            : throw new MixinException($"'{key}' is missing from {where}, or is no number.");

    /// <summary>The duration under a key, in seconds.</summary>
    /// <param name="key">The key; its text is a number and one of s, m, h, d.</param>
    public long Seconds(string key)
    {
        var text = this[key];
        var unit =
            text.Length > 1
                ? text[^1] switch
                {
                    's' => 1,
                    'm' => 60,
                    'h' => 3600,
                    'd' => 86400,
                    _ => 0,
                }
                : 0;
        return unit > 0 && long.TryParse(text[..^1], out var count)
            ? count * unit
            : throw new MixinException(
                $"'{key}' of {where} is '{text}'; a duration is a whole number and one of s, m, h, d, for example 10m."
            );
    }
}
