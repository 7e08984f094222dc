using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using CurvatureMonitor.Actors.Requests;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace CurvatureMonitor;

/// <summary>
/// Reads the settings of the monitor from the configuration of the program. A key that there is not, or a value that
/// cannot be read, is one line.
/// </summary>
/// <param name="configuration">The configuration of the program.</param>
internal sealed class MonitorConfiguration(IConfiguration configuration) : IConfigureOptions<MonitorOptions>
{
    /// <summary>
    /// The section: <c>CurvatureMonitor</c> in a file, variables <c>CURVATUREMONITOR__…</c> in the environment.
    /// </summary>
    internal const string Section = "CurvatureMonitor";

    private static readonly Dictionary<string, PropertyInfo> Settings = typeof(MonitorOptions)
        .GetProperties()
        .ToDictionary(property => property.Name, StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    /// <exception cref="OptionsValidationException">The section cannot be used.</exception>
    public void Configure(MonitorOptions options)
    {
        foreach (var setting in configuration.GetSection(Section).GetChildren())
        {
            if (!Settings.TryGetValue(setting.Key, out var property))
            {
                throw Wrong($"{setting.Path}: there is no such setting; there are {string.Join(", ", Settings.Keys)}");
            }

            property.SetValue(options, Read(setting, property.PropertyType));
        }
    }

    private static object? Read(IConfigurationSection setting, Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (string.IsNullOrEmpty(setting.Value) && plain != type)
        {
            return null;
        }

        try
        {
            return TypeDescriptor
                .GetConverter(plain)
                .ConvertFromString(null, CultureInfo.InvariantCulture, setting.Value ?? string.Empty);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            string remedy = plain == typeof(TimeSpan) ? "a time such as 00:00:05" : "a whole number";
            throw Wrong($"{setting.Path} is '{setting.Value}': give {remedy}");
        }
    }

    private static OptionsValidationException Wrong(string line) =>
        new(Options.DefaultName, typeof(MonitorOptions), [line]);
}
