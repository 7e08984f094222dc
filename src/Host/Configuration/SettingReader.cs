using System.Globalization;
using CurvatureMonitor.Contracts.Errors;

namespace CurvatureMonitor.Host.Configuration;

/// <summary>Turns the text of a setting into the value of its option.</summary>
internal static class SettingReader
{
    /// <summary>The value.</summary>
    /// <exception cref="UserErrorException">The text cannot be used: the message names option, source and
    /// remedy.</exception>
    internal static object Read(OptionDescriptor option, Setting setting)
    {
        if (option.IsList)
        {
            return setting.Values.ToArray();
        }

        string text = setting.Text;
        var type = Nullable.GetUnderlyingType(option.Property.PropertyType) ?? option.Property.PropertyType;
        object? value = Parse(type, text.Trim());
        string? remedy = value is null ? option.Rule?.Remedy ?? RemedyOf(type) : option.Rule?.Complaint(value);
        return remedy is null ? value! : throw new UserErrorException($"{setting.Place} {text}: {remedy}");
    }

    private static object? Parse(Type type, string text) =>
        type == typeof(string) ? text
        : type == typeof(bool) ? (bool.TryParse(text, out bool flag) ? flag : null)
        : type == typeof(int)
            ? (
                int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int count)
                    ? count
                    : null
            )
        : type == typeof(long)
            ? (
                long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
                    ? number
                    : null
            )
        : type == typeof(double)
            ? (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double real) ? real : null)
        : throw new InvalidOperationException($"options of type {type} are not read");

    private static string RemedyOf(Type type) =>
        type == typeof(bool) ? "give true or false"
        : type == typeof(double) ? "give a number"
        : "give a whole number";
}
