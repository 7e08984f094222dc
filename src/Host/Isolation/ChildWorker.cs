namespace CurvatureMonitor.Host.Isolation;

/// <summary>A process of this program that is to be there always.</summary>
/// <param name="Name">What it is called where its end is told.</param>
/// <param name="Arguments">Its command. Everybody who may list processes sees it: secrets do not belong here.</param>
internal sealed record ChildWorker(string Name, IReadOnlyList<string> Arguments)
{
    /// <summary>Settings that it finds in its environment, such as the folder of its credentials.</summary>
    internal IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The memory that it may hold; no bound where null.</summary>
    internal long? MemoryBytes { get; init; }

    /// <summary>What it has to end in order when it is asked to.</summary>
    internal TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(3);
}
