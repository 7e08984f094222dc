using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Contracts.Analyses;
using CurvatureMonitor.Contracts.Jobs;

namespace CurvatureMonitor.Actors.Runs;

internal sealed partial class MonitoredRun
{
    /// <summary>
    /// The training was taken up again from an earlier step. Jobs of later steps are given up: their answers are of
    /// another branch, and are not wanted.
    /// </summary>
    public RunEffects BeginBranch(TrainingBranched branched)
    {
        _jobs.Abandon(branched.Step);
        return RunEffects.Of(_ledger.BeginBranch(branched.Step, branched.Time));
    }

    private JobId IdOf(long step, AnalysisKind kind) => new(_request.Run, step, kind) { Branch = _ledger.Branch };
}
