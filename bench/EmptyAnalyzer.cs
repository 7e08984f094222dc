using CurvatureMonitor.Actors.Analysis;
using CurvatureMonitor.Actors.Messages;
using CurvatureMonitor.Contracts.Measurements;
using CurvatureMonitor.Storage.Checkpoints;

namespace CurvatureMonitor.Bench;

/// <summary>Measures nothing, at once: what is left is the way there and back.</summary>
internal sealed class EmptyAnalyzer : ICheckpointAnalyzerFactory, ICheckpointAnalyzer
{
    public ICheckpointAnalyzer Create(RunProbe probe) => new EmptyAnalyzer();

    public AnalysisReport Analyse(
        AnalyseCheckpoint job,
        Checkpoint checkpoint,
        CancellationToken cancellationToken
    ) => new([]);

    public void Dispose()
    {
        // Nothing is held.
    }
}
