using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Storage.Checkpoints;

namespace CurvatureMonitor.Actors.Tests.Support;

/// <summary>Analyzers that do what a test says: the seam at which faults are injected.</summary>
internal sealed class ScriptedAnalyzer(Func<AnalyseCheckpoint, CancellationToken, AnalysisReport> script)
    : ICheckpointAnalyzerFactory
{
    private int _alive;
    private int _made;

    /// <summary>Analyzers made and not disposed.</summary>
    public int Alive => Volatile.Read(ref _alive);

    /// <summary>Analyzers made.</summary>
    public int Made => Volatile.Read(ref _made);

    public ICheckpointAnalyzer Create(RunProbe probe)
    {
        Interlocked.Increment(ref _alive);
        Interlocked.Increment(ref _made);
        return new Analyzer(this, script);
    }

    private sealed class Analyzer(
        ScriptedAnalyzer owner,
        Func<AnalyseCheckpoint, CancellationToken, AnalysisReport> script
    ) : ICheckpointAnalyzer
    {
        public AnalysisReport Analyse(
            AnalyseCheckpoint job,
            Checkpoint checkpoint,
            CancellationToken cancellationToken
        ) => script(job, cancellationToken);

        public void Dispose() => Interlocked.Decrement(ref owner._alive);
    }
}
