using System.Diagnostics;
using System.Globalization;

namespace CurvatureMonitor.Chaos.Tests.Support;

/// <summary>Processes by their id, as Linux shows them.</summary>
internal static class ProcessTree
{
    /// <summary>A process and all that descend from it.</summary>
    internal static IReadOnlyList<int> Of(int root)
    {
        var parents = new Dictionary<int, int>();
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (
                int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id)
                && Status(id) is { } status
            )
            {
                parents[id] = status.Parent;
            }
        }

        List<int> tree = [root];
        for (int i = 0; i < tree.Count; i++)
        {
            tree.AddRange(parents.Where(pair => pair.Value == tree[i]).Select(pair => pair.Key));
        }

        return tree;
    }

    /// <summary>Those that live; what has ended and waits to be noticed by its parent does not.</summary>
    internal static IEnumerable<int> Living(IEnumerable<int> processes) =>
        processes.Where(id => Status(id) is { State: not 'Z' and not 'X' });

    /// <summary>Sends a signal, and waits until all have ended.</summary>
    internal static async Task EndAsync(IReadOnlyList<int> processes, string signal, TimeSpan patience)
    {
        foreach (int id in Living(processes))
        {
            await SignalAsync(id, signal);
        }

        for (long started = Stopwatch.GetTimestamp(); Living(processes).Any(); await Task.Delay(20))
        {
            if (Stopwatch.GetElapsedTime(started) > patience)
            {
                throw new TimeoutException($"process {Living(processes).First()} does not end");
            }
        }
    }

    internal static async Task SignalAsync(int id, string signal)
    {
        using var kill = Process.Start(
            new ProcessStartInfo("kill", ["-" + signal, id.ToString(CultureInfo.InvariantCulture)])
            {
                RedirectStandardError = true,
            }
        )!;
        await kill.WaitForExitAsync();
    }

    // The name in parentheses may hold anything; what counts comes after the last of them.
    private static (char State, int Parent)? Status(int id)
    {
        try
        {
            string text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            string[] fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (fields[0][0], int.Parse(fields[1], CultureInfo.InvariantCulture));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
