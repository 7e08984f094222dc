using CurvatureMonitor.Contracts.Errors;

namespace CurvatureMonitor.Host.Configuration;

/// <summary>The options of a command with their values from all sources, checked.</summary>
internal sealed class BoundOptions
{
    private readonly Dictionary<Type, object> _options = [];
    private readonly Dictionary<(Type Options, string Property), Setting> _settings = [];

    private BoundOptions() { }

    /// <summary>Binds classes of options.</summary>
    /// <param name="classes">The classes.</param>
    /// <param name="sources">What is said of their options.</param>
    /// <exception cref="UserErrorException">A value cannot be used: the message names option, source and
    /// remedy.</exception>
    internal static BoundOptions Bind(IEnumerable<Type> classes, SettingSources sources)
    {
        var bound = new BoundOptions();
        foreach (var type in classes)
        {
            object options = Activator.CreateInstance(type)!;
            foreach (var option in OptionDescriptor.Of(type))
            {
                if (sources.Find(option) is { } setting)
                {
                    option.Property.SetValue(options, SettingReader.Read(option, setting));
                    bound._settings[(type, option.Property.Name)] = setting;
                }
            }

            bound._options[type] = options;
        }

        return bound;
    }

    /// <summary>The options of a class, or of one that has other defaults than it.</summary>
    internal T Get<T>()
        where T : class => _options.Values.OfType<T>().Single();

    /// <summary>Where an option was set; null where it has its default.</summary>
    /// <typeparam name="T">The class of the option.</typeparam>
    /// <param name="property">The property that holds it.</param>
    internal string? PlaceOf<T>(string property) =>
        _settings
            .Where(pair => pair.Key.Property == property && pair.Key.Options.IsAssignableTo(typeof(T)))
            .Select(pair => pair.Value.Place)
            .FirstOrDefault();
}
