using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Storage.Checkpoints;

namespace CurvatureMonitor.Actors.Tests.Support;

/// <summary>The real analyzers, with something before and after each job.</summary>
internal sealed class WrappedAnalyzer(Action<AnalyseCheckpoint> before, Action<AnalyseCheckpoint, AnalysisReport> after)
    : ICheckpointAnalyzerFactory
{
    private readonly CurvatureAnalyzerFactory _real = new(TimeProvider.System);

    public ICheckpointAnalyzer Create(RunProbe probe) => new Analyzer(_real.Create(probe), before, after);

    private sealed class Analyzer(
        ICheckpointAnalyzer real,
        Action<AnalyseCheckpoint> before,
        Action<AnalyseCheckpoint, AnalysisReport> after
    ) : ICheckpointAnalyzer
    {
        public AnalysisReport Analyse(
            AnalyseCheckpoint job,
            Checkpoint checkpoint,
            CancellationToken cancellationToken
        )
        {
            before(job);
            var report = real.Analyse(job, checkpoint, cancellationToken);
            after(job, report);
            return report;
        }

        public void Dispose() => real.Dispose();
    }
}
