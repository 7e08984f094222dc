using CurvatureMonitor.Actors.Cluster.Wire;

namespace CurvatureMonitor.Actors.Cluster.Workers;

/// <summary>An answer that no host has taken.</summary>
/// <param name="Sent">The answer.</param>
/// <param name="Files">The hashes of the files that it is of.</param>
internal sealed record KeptAnswer(AnswerSent Sent, string Files)
{
    /// <summary>The hashes of the files of a job.</summary>
    public static string FilesOf(DoJob job) =>
        string.Join(' ', job.Claims.Run.Concat(job.Claims.Checkpoint).Select(claim => claim.Sha256));
}
