using System.Text;

namespace CurvatureMonitor.Host.Isolation;

/// <summary>
/// What a process writes on standard error past this program's own words: the beginning and the end of it, which is
/// where libraries and the runtime say why they give up.
/// </summary>
internal sealed class CrashText
{
    private const int LongestHalf = 1 << 15;
    private const int LongestReason = 200;

    private static readonly string[] MemorySigns =
    [
        "Out of memory",
        "OutOfMemoryException",
        "bad_alloc",
        "can't allocate",
    ];

    private readonly StringBuilder _first = new();
    private readonly StringBuilder _last = new();
    private long _left;

    /// <summary>Reads to the end.</summary>
    internal async Task ReadAsync(TextReader reader)
    {
        char[] buffer = new char[4096];
        while (await reader.ReadAsync(buffer).ConfigureAwait(false) is > 0 and var count)
        {
            int first = Math.Min(count, LongestHalf - _first.Length);
            _first.Append(buffer, 0, first);
            _last.Append(buffer, first, count - first);
            int surplus = _last.Length - LongestHalf;
            if (surplus > 0)
            {
                _last.Remove(0, surplus);
                _left += surplus;
            }
        }
    }

    /// <summary>Whether it says that there was no memory.</summary>
    internal bool SpeaksOfMemory => IsOfMemory(ToString());

    /// <summary>Whether this program's own code let an exception go: the text has its trace.</summary>
    internal bool IsOwnBug => ToString().Contains("Unhandled exception. ", StringComparison.Ordinal) && !SpeaksOfMemory;

    /// <summary>Whether a text says that the machine gave no more memory.</summary>
    internal static bool IsOfMemory(string text) =>
        MemorySigns.Any(sign => text.Contains(sign, StringComparison.Ordinal));

    /// <summary>The reason that C++ gives before it aborts; null where there is none.</summary>
    internal string? Reason
    {
        get
        {
            string[] lines = [.. ToString().Split('\n').Select(line => line.Trim())];
            string? reason = Line("what(): ")?[8..].Trim() ?? Line("terminate ");
            return reason is { Length: > LongestReason } ? reason[..LongestReason] + "…" : reason;

            string? Line(string start) =>
                lines.FirstOrDefault(line => line.StartsWith(start, StringComparison.Ordinal));
        }
    }

    /// <summary>All of it that was kept.</summary>
    public override string ToString() =>
        _left > 0 ? $"{_first}\n… {_left} characters are left out …\n{_last}" : $"{_first}{_last}";
}
