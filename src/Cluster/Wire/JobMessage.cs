using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Contracts.Models;
using CurvatureMonitor.Storage.Transfer;

namespace CurvatureMonitor.Cluster.Wire;

/// <summary>A job as its slot holds it: which, of what files, how.</summary>
/// <param name="Wire">The version of the messages.</param>
/// <param name="Instance">The host.</param>
/// <param name="Id">The job.</param>
/// <param name="Attempt">1 at first, more after a crash.</param>
/// <param name="Settings">How to measure.</param>
/// <param name="ElementType">The type to compute in.</param>
/// <param name="Claims">The files of run and checkpoint.</param>
/// <param name="Forgotten">Runs of the host that were over lately: what is kept for them can go. It rides along, since
/// events may be lost.</param>
internal sealed record JobMessage(
    int Wire,
    string Instance,
    JobId Id,
    int Attempt,
    AnalysisSettings Settings,
    ElementType ElementType,
    JobClaims Claims,
    IReadOnlyList<string> Forgotten
);
