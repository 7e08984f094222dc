namespace CurvatureMonitor.Host.Configuration;

/// <summary>All options that there are.</summary>
internal static class OptionsTree
{
    /// <summary>The classes that hold them; a class with other defaults for a command stands for its base.</summary>
    internal static IReadOnlyList<Type> Classes { get; } =
    [
        typeof(ServerOptions),
        typeof(AccessOptions),
        typeof(OtlpOptions),
        typeof(ComputeOptions),
        typeof(PrecisionOptions),
        typeof(IsolationOptions),
        typeof(MemoryLimitOptions),
        typeof(MeasuringOptions),
        typeof(TrainOptions),
        typeof(DemoOptions),
        typeof(ServeOptions),
        typeof(ClusterOptions),
        typeof(CredentialsOptions),
        typeof(RemoteJobsOptions),
        typeof(WorkerCommandOptions),
        typeof(ClusterStatusOptions),
        typeof(MembersOptions),
        typeof(BundleOptions),
        typeof(AnalyzeOptions),
        typeof(ResultOptions),
        typeof(PlotOptions),
    ];

    private static readonly Lazy<Dictionary<string, OptionDescriptor>> ByKey = new(() =>
        Classes
            .SelectMany(OptionDescriptor.Of)
            .ToDictionary(option => option.Key, StringComparer.Ordinal)
    );

    /// <summary>The options that people may set, in the order of the classes.</summary>
    internal static IReadOnlyCollection<OptionDescriptor> Options => ByKey.Value.Values;

    /// <summary>The option of a key; null where there is none.</summary>
    internal static OptionDescriptor? Find(string key) => ByKey.Value.GetValueOrDefault(key);

    /// <summary>The option whose key is nearest to one that there is not.</summary>
    internal static OptionDescriptor Nearest(string key) =>
        Options.MinBy(option => Math.Min(Distance(key, option.Key), Distance(key, option.Key.Split(':')[1])))!;

    // Levenshtein's: the least number of letters to insert, remove or replace.
    private static int Distance(string from, string to)
    {
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            (int diagonal, row[0]) = (row[0], i);
            for (int j = 1; j <= to.Length; j++)
            {
                int replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[to.Length];
    }
}
