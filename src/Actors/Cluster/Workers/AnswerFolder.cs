using System.Runtime.Serialization;
using System.Text;
using CurvatureMonitor.Actors.Cluster.Wire;
using CurvatureMonitor.Storage;
using Microsoft.Extensions.Logging;

namespace CurvatureMonitor.Actors.Cluster.Workers;

/// <summary>
/// The files of kept answers: a folder of this process's own, locked while it lives, in a folder that workers of one
/// machine share. Whoever starts takes over what processes left that are gone.
/// </summary>
internal sealed class AnswerFolder : IDisposable
{
    private const string LockFile = "lock";
    private const string Suffix = ".answer";
    private const string Manifest = "answer_sent/1";
    private static readonly TimeSpan MaximumAge = TimeSpan.FromDays(7);

    private readonly string _folder;
    private readonly FileStream _lock;
    private readonly ILogger _logger;

    private AnswerFolder(string folder, FileStream held, ILogger logger) =>
        (_folder, _lock, _logger) = (folder, held, logger);

    /// <summary>Makes the folder of this process.</summary>
    /// <param name="shared">The folder that workers share.</param>
    /// <param name="logger">The log.</param>
    /// <exception cref="BundleException">It cannot be written.</exception>
    public static AnswerFolder Open(string shared, ILogger logger)
    {
        try
        {
            string folder = Path.Combine(shared, Guid.NewGuid().ToString("N"));
            Directory.CreateDirectory(folder);
            return new AnswerFolder(folder, Lock(folder), logger);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BundleException(
                shared,
                null,
                $"cannot be written ({exception.Message})",
                "choose a folder that may be written, with --cache-dir",
                exception
            );
        }
    }

    /// <summary>Takes over the answers of processes that are gone.</summary>
    /// <param name="now">The time.</param>
    public IReadOnlyList<KeptAnswer> Adopt(DateTimeOffset now)
    {
        var adopted = new List<KeptAnswer>();
        foreach (string other in Directory.EnumerateDirectories(Path.GetDirectoryName(_folder)!))
        {
            if (other == _folder || TryLock(other) is not { } held)
            {
                continue;
            }

            using (held)
            {
                foreach (string file in Directory.EnumerateFiles(other, "*" + Suffix))
                {
                    if (Read(file, now) is { } answer)
                    {
                        File.Move(file, PathOf(answer.Sent.Number), overwrite: true);
                        adopted.Add(answer);
                    }
                }
            }

            TryDelete(other);
        }

        return adopted;
    }

    /// <summary>
    /// Writes an answer. It outlives the process; a machine that loses its power with it does the job again.
    /// </summary>
    /// <param name="answer">The answer.</param>
    /// <param name="message">Its message, as UTF-8.</param>
    public void Write(KeptAnswer answer, ReadOnlySpan<byte> message)
    {
        byte[] content = [.. Encoding.UTF8.GetBytes(answer.Files + "\n"), .. message];
        try
        {
            AtomicFile.Write(PathOf(answer.Sent.Number), stream => stream.Write(content), isDurable: false);
        }
        catch (BundleException exception)
        {
            WorkerNodeLog.NotKept(_logger, _folder, exception.Message);
        }
    }

    /// <summary>An answer need not be kept.</summary>
    public void Delete(Guid number) => AtomicFile.TryDelete(PathOf(number));

    /// <summary>Releases the folder; what is in it is the next process's.</summary>
    public void Dispose()
    {
        _lock.Dispose();
        if (!Directory.EnumerateFiles(_folder, "*" + Suffix).Any())
        {
            TryDelete(_folder);
        }
    }

    private KeptAnswer? Read(string file, DateTimeOffset now)
    {
        try
        {
            if (now - File.GetLastWriteTimeUtc(file) > MaximumAge)
            {
                WorkerNodeLog.GivenUp(_logger, file, "is older than seven days");
                return null;
            }

            string text = File.ReadAllText(file);
            int end = text.IndexOf('\n', StringComparison.Ordinal);
            var sent = (AnswerSent)WireFormat.Read(Encoding.UTF8.GetBytes(text[(end + 1)..]), Manifest);
            return new KeptAnswer(sent with { Assignment = 0, IsFree = false }, text[..Math.Max(0, end)]);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or SerializationException)
        {
            WorkerNodeLog.GivenUp(_logger, file, exception.Message.ReplaceLineEndings(" "));
            return null;
        }
    }

    private string PathOf(Guid number) => Path.Combine(_folder, number.ToString("N") + Suffix);

    private static FileStream Lock(string folder) =>
        new(Path.Combine(folder, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    private static FileStream? TryLock(string folder)
    {
        try
        {
            return Lock(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Its process lives, or has just gone.
            return null;
        }
    }

    private static void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What stays is looked at by the next process.
        }
    }
}
