using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Errors;

namespace CurvatureMonitor.Actors.Requests;

/// <summary>Settings of the monitor as a whole.</summary>
public sealed record MonitorOptions
{
    /// <summary>N, curvature actors, each with a thread of its own.</summary>
    public int CurvatureActors { get; set; } = 1;

    /// <summary>
    /// Threads that one operation of libtorch may use; null shares the cores: max(1, cores / (1 + N)), since a trainer
    /// and N actors compute side by side.
    /// </summary>
    public int? Threads { get; set; }

    /// <summary>
    /// Bytes that the measurements may use in all; every curvature actor gets its share, and keeps gradient graphs in
    /// at most half of it. Null: half of the memory that the process may use. A job's own
    /// <see cref="AnalysisSettings.LimitBytes"/> holds where it is smaller.
    /// </summary>
    public long? MemoryBudgetBytes { get; set; }

    /// <summary>
    /// How long an orderly stop may take: what is not finished by then is given up, and computes until the process
    /// ends.
    /// </summary>
    public TimeSpan ShutdownGrace { get; set; } = TimeSpan.FromSeconds(4.5);

    /// <summary>How often a job is tried whose actor crashed: the first time included.</summary>
    internal int Attempts { get; set; } = 2;

    /// <summary>The libtorch threads that the options come to on a machine with so many cores.</summary>
    internal int ThreadsOn(int cores) => Threads ?? Math.Max(1, cores / (1 + CurvatureActors));

    /// <summary>The memory that one job may use.</summary>
    internal long BytesPerJob(long available) => Math.Max(1, (MemoryBudgetBytes ?? available / 2) / CurvatureActors);

    /// <summary>Makes sure that the monitor can be started.</summary>
    /// <exception cref="UserErrorException">It cannot; the message says which setting and how to mend it.</exception>
    public void Validate()
    {
        if (CurvatureActors < 1)
        {
            throw new UserErrorException($"curvature actors are {CurvatureActors}: give a whole number of at least 1");
        }

        if (Threads < 1)
        {
            throw new UserErrorException($"threads are {Threads}: give a whole number of at least 1, or leave it out");
        }

        if (ShutdownGrace <= TimeSpan.Zero || ShutdownGrace > TimeSpan.FromHours(1))
        {
            throw new UserErrorException($"the shutdown grace is {ShutdownGrace}: give more than 0, at most an hour");
        }

        if (MemoryBudgetBytes < 1)
        {
            throw new UserErrorException($"the memory budget is {MemoryBudgetBytes} bytes: give more, or leave it out");
        }
    }
}
