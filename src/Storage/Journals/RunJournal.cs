using System.Text.Json;
using CurvatureMonitor.Contracts.Events;

namespace CurvatureMonitor.Storage.Journals;

/// <summary>
/// What was told of one run: JSON lines, only ever appended to. The first names the run and the content of its bundle.
/// A line counts once its end is written: what a process that was killed left of its last line is cut off when the
/// journal is opened again.
/// </summary>
public sealed class RunJournal : IDisposable
{
    /// <summary>What journals end with.</summary>
    public const string Suffix = ".jsonl";

    private const int Version = 1;

    private readonly FileStream _stream;

    private RunJournal(string path, FileStream stream)
    {
        Path = path;
        _stream = stream;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Opens a journal to append to; makes it where there is none of that bundle.</summary>
    /// <param name="path">The file.</param>
    /// <param name="run">The run.</param>
    /// <param name="bundle">The fingerprint of the run's bundle. A journal of another bundle is set aside under a name
    /// of its own.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static RunJournal Open(string path, string run, string bundle)
    {
        if (File.Exists(path) && ReadHeader(path) is var header && header?.Bundle != bundle)
        {
            File.Move(path, $"{path}.{DateTime.UtcNow:yyyyMMddHHmmssfff}.old");
        }

        var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 1);
        try
        {
            CutTornLine(stream);
            var journal = new RunJournal(path, stream);
            if (stream.Length == 0)
            {
                journal.Append(
                    JsonSerializer.SerializeToUtf8Bytes(new JournalHeader(Version, run, bundle)),
                    durable: true
                );
            }

            return journal;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The run and the bundle that a journal is of; null where the file is none.</summary>
    public static JournalHeader? ReadHeader(string path)
    {
        try
        {
            return
                File.ReadLines(path).FirstOrDefault() is { } line
                && JsonSerializer.Deserialize<JournalHeader>(line) is { Journal: Version } header
                ? header
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// The events of a journal, oldest first, read while they are enumerated. Lines that are damaged are passed over.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="damaged">Told the number of a line that cannot be read, counted from 1.</param>
    public static IEnumerable<MonitorEvent> Read(string path, Action<long>? damaged = null)
    {
        long number = 0;
        foreach (byte[] line in Lines(path))
        {
            number++;
            MonitorEvent? monitorEvent = null;
            if (number > 1)
            {
                try
                {
                    monitorEvent = EventJson.Read(line);
                }
                catch (JsonException)
                {
                    damaged?.Invoke(number);
                }
            }

            if (monitorEvent is not null)
            {
                yield return monitorEvent;
            }
        }
    }

    /// <summary>The end that a run was brought to; null where its journal continues after it, or has none.</summary>
    public static RunEnded? ReadEnd(string path)
    {
        // The end is the last line, and a short one: a journal of many measurements need not be read for it.
        const int longest = 1 << 16;
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] tail = new byte[(int)Math.Min(longest, stream.Length)];
        stream.Position = stream.Length - tail.Length;
        var text = tail.AsSpan(0, stream.ReadAtLeast(tail, tail.Length, throwOnEndOfStream: false));
        if (text.LastIndexOf((byte)'\n') is var end && end < 0)
        {
            return null;
        }

        text = text[..end];
        try
        {
            return EventJson.Read(text[(text.LastIndexOf((byte)'\n') + 1)..]) as RunEnded;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whole lines of a journal as they are, from a place in the file on.</summary>
    /// <param name="path">The file; it may be written to meanwhile.</param>
    /// <param name="after">Bytes to pass over: 0, or the place that the page before gave.</param>
    /// <param name="limit">Lines at most.</param>
    /// <returns>The lines, and the place after them; null where no line begins there.</returns>
    public static (byte[] Lines, long Next)? ReadPage(string path, long after, int limit)
    {
        using var stream = new FileStream(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite,
            bufferSize: 1 << 16
        );
        if (after < 0 || after > stream.Length)
        {
            return null;
        }

        stream.Position = Math.Max(0, after - 1);
        if (after > 0 && stream.ReadByte() != '\n')
        {
            return null;
        }

        using var page = new MemoryStream();
        int whole = 0;
        while (limit > 0 && stream.ReadByte() is >= 0 and var next)
        {
            page.WriteByte((byte)next);
            if (next == '\n')
            {
                whole = (int)page.Length;
                limit--;
            }
        }

        // What is behind the last end of a line is being written.
        return (page.ToArray()[..whole], after + whole);
    }

    /// <summary>Appends one event.</summary>
    /// <param name="monitorEvent">The event.</param>
    /// <exception cref="IOException">The disk is full or gone.</exception>
    public void Append(MonitorEvent monitorEvent) =>
        Append(
            EventJson.Write(monitorEvent),
            durable: monitorEvent is CheckpointMeasured or AnalysisFailed or CheckpointDropped or RunEnded
        );

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private static IEnumerable<byte[]> Lines(string path)
    {
        using var stream = new FileStream(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite,
            bufferSize: 1 << 16
        );
        using var line = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        int read;
        while ((read = stream.Read(buffer)) > 0)
        {
            int start = 0;
            for (int end; (end = Array.IndexOf(buffer, (byte)'\n', start, read - start)) >= 0; start = end + 1)
            {
                line.Write(buffer, start, end - start);
                yield return line.ToArray();
                line.SetLength(0);
            }

            line.Write(buffer, start, read - start);
        }
    }

    private static void CutTornLine(FileStream stream)
    {
        long end = stream.Length;
        Span<byte> last = stackalloc byte[1];
        while (end > 0)
        {
            stream.Position = end - 1;
            stream.ReadExactly(last);
            if (last[0] == (byte)'\n')
            {
                break;
            }

            end--;
        }

        stream.SetLength(end);
        stream.Position = end;
    }

    private void Append(byte[] json, bool durable)
    {
        // One write a line, so that a process that is killed leaves the whole line or a torn one, and never two that
        // are mixed.
        byte[] line = new byte[json.Length + 1];
        json.CopyTo(line, 0);
        line[^1] = (byte)'\n';
        _stream.Write(line);
        _stream.Flush(flushToDisk: durable);
    }
}
