using CurvatureMonitor.Actors.Cluster.Wire;
using Microsoft.Extensions.Logging;

namespace CurvatureMonitor.Actors.Cluster.Workers;

/// <summary>
/// Answers that no host has taken, in memory and on disk: they outlive the process, and the host. Thread-safe.
/// </summary>
internal sealed class AnswerSpool : IDisposable
{
    private readonly Lock _gate = new();
    private readonly AnswerFolder _folder;
    private readonly Dictionary<Guid, KeptAnswer> _kept = [];
    private readonly Dictionary<Guid, TaskCompletionSource> _awaited = [];

    /// <summary>Opens the spool, with the answers of processes that are gone.</summary>
    /// <param name="directory">The folder that workers of one machine share.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    /// <exception cref="Storage.BundleException">It cannot be written.</exception>
    public AnswerSpool(string directory, TimeProvider time, ILogger logger)
    {
        _folder = AnswerFolder.Open(directory, logger);
        foreach (var answer in _folder.Adopt(time.GetUtcNow()))
        {
            _kept[answer.Sent.Number] = answer;
        }

        if (_kept.Count > 0)
        {
            WorkerNodeLog.Adopted(logger, _kept.Count);
        }
    }

    /// <summary>Their number.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _kept.Count;
            }
        }
    }

    /// <summary>The answers for a host.</summary>
    /// <param name="instance">The host's data directory.</param>
    public IReadOnlyList<AnswerSent> For(string instance)
    {
        lock (_gate)
        {
            return [.. _kept.Values.Select(answer => answer.Sent).Where(sent => sent.Instance == instance)];
        }
    }

    /// <summary>The answer to a job that a host gives once more; null where there is none to these files.</summary>
    public AnswerSent? Find(DoJob job)
    {
        string files = KeptAnswer.FilesOf(job);
        lock (_gate)
        {
            return _kept
                .Values.FirstOrDefault(answer =>
                    answer.Sent.Instance == job.Instance && answer.Sent.Answer.Id == job.Id && answer.Files == files
                )
                ?.Sent;
        }
    }

    /// <summary>Keeps an answer until it is taken.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="message">Its message, as UTF-8.</param>
    public void Keep(KeptAnswer answer, ReadOnlySpan<byte> message)
    {
        lock (_gate)
        {
            _kept[answer.Sent.Number] = answer;
        }

        _folder.Write(answer, message);
    }

    /// <summary>A host has taken an answer.</summary>
    public void Take(Guid number)
    {
        TaskCompletionSource? awaited;
        lock (_gate)
        {
            _kept.Remove(number);
            _awaited.Remove(number, out awaited);
        }

        _folder.Delete(number);
        awaited?.TrySetResult();
    }

    /// <summary>Done when an answer that is kept has been taken.</summary>
    public Task WhenTaken(Guid number)
    {
        lock (_gate)
        {
            if (!_kept.ContainsKey(number))
            {
                return Task.CompletedTask;
            }

            if (!_awaited.TryGetValue(number, out var awaited))
            {
                _awaited.Add(
                    number,
                    awaited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
                );
            }

            return awaited.Task;
        }
    }

    /// <summary>Releases the folder; what is kept is the next process's.</summary>
    public void Dispose() => _folder.Dispose();
}
