using System.Text.Json;

namespace CurvatureMonitor.Chaos.Tests.Support;

/// <summary>What a host has on disk of a run: the lines of its journal.</summary>
internal sealed class RunHistory(string dataFolder, string run)
{
    private string Path { get; } = System.IO.Path.Combine(dataFolder, "history", run + ".jsonl");

    /// <summary>The events of a kind, oldest first.</summary>
    internal IReadOnlyList<JsonElement> Events(string kind) =>
        [.. Read().Where(line => line.GetProperty("event").GetString() == kind)];

    /// <summary>Their steps.</summary>
    internal IReadOnlyList<long> Steps(string kind) =>
        [.. Events(kind).Select(line => line.GetProperty("step").GetInt64())];

    internal long Measured => Steps("checkpoint_measured").Count;

    private List<JsonElement> Read()
    {
        if (!File.Exists(Path))
        {
            return [];
        }

        using var reader = new StreamReader(new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        string text = reader.ReadToEnd();

        // What is being written has no end of line yet.
        string[] lines = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return
        [
            .. lines
                .Skip(1)
                .Select(line =>
                {
                    using var document = JsonDocument.Parse(line);
                    return document.RootElement.Clone();
                }),
        ];
    }
}
