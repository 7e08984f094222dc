using CurvatureMonitor.Cluster.Wire;
using CurvatureMonitor.Contracts.Jobs;

namespace CurvatureMonitor.Cluster.Workers;

/// <summary>The last results of a worker: a copy of a job that it has just done is answered from here.</summary>
internal sealed class ResultMemory
{
    private const int Kept = 16;

    private readonly LinkedList<(Key Key, byte[] Result)> _results = new();

    /// <summary>
    /// The result of the same job on the same files with the same settings; null where it is not remembered.
    /// </summary>
    public byte[]? Find(JobMessage job)
    {
        var key = KeyOf(job);
        return _results.FirstOrDefault(known => known.Key == key).Result;
    }

    public void Add(JobMessage job, byte[] result)
    {
        _results.AddFirst((KeyOf(job), result));
        if (_results.Count > Kept)
        {
            _results.RemoveLast();
        }
    }

    private static Key KeyOf(JobMessage job) =>
        new(
            job.Instance,
            job.Id,
            string.Join(' ', job.Claims.Run.Concat(job.Claims.Checkpoint).Select(claim => claim.Sha256)),
            Convert.ToBase64String(WireJson.Write(job.Settings))
        );

    private sealed record Key(string Instance, JobId Id, string Files, string Settings);
}
