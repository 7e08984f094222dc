namespace CurvatureMonitor.Actors.Analysis;

/// <summary>Makes the analyzers of curvature actors: one a run and actor.</summary>
public interface ICheckpointAnalyzerFactory
{
    /// <summary>Makes an analyzer. Called on the curvature actor's thread, by several actors at once.</summary>
    /// <param name="probe">The run's objective.</param>
    /// <exception cref="Exception">As for <see cref="ICheckpointAnalyzer.Analyse"/>.</exception>
    ICheckpointAnalyzer Create(RunProbe probe);
}
