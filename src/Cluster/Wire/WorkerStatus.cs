using CurvatureMonitor.Contracts.Jobs;

namespace CurvatureMonitor.Cluster.Wire;

/// <summary>A worker says that it is there: every few seconds, at every change, and when it is asked.</summary>
/// <param name="Wire">The version of the messages.</param>
/// <param name="Worker">Its name.</param>
/// <param name="State">What it is at.</param>
/// <param name="Device">Where it computes.</param>
/// <param name="MemoryBytes">What a job may use there.</param>
/// <param name="Torch">The version of libtorch.</param>
/// <param name="Host">The machine.</param>
/// <param name="ProcessId">The process.</param>
/// <param name="JobsDone">Jobs that it has answered since its start.</param>
internal sealed record WorkerStatus(
    int Wire,
    string Worker,
    WorkerState State,
    string Device,
    long MemoryBytes,
    string Torch,
    string Host,
    int ProcessId,
    long JobsDone
)
{
    /// <summary>Whose job it is at; null where none.</summary>
    public string? Instance { get; init; }

    /// <summary>The job that it is at; null where none.</summary>
    public JobId? Job { get; init; }

    /// <summary>Seconds until the job's deadline; null where there is no job.</summary>
    public double? SecondsLeft { get; init; }

    /// <summary>Whether it can do what a job needs.</summary>
    public bool Meets(JobNeeds needs) =>
        needs.MemoryBytes <= MemoryBytes
        && (needs.Torch is not { } least || TorchOf(Torch) is not { } mine || mine >= least);

    /// <summary>1.13.1 of 1.13.1+cu117; null where the text is no version.</summary>
    private static Version? TorchOf(string text)
    {
        string numbers = string.Concat(text.TakeWhile(c => char.IsAsciiDigit(c) || c == '.'));
        return Version.TryParse(numbers, out var version) ? version : null;
    }
}
