namespace CurvatureMonitor.Host.Terminal;

/// <summary>What the terminal has to show at one moment.</summary>
/// <param name="Training">Where training stands.</param>
/// <param name="Rows">Measured checkpoints that have not been shown yet, oldest first.</param>
/// <param name="Notes">Failures and restarts that have not been shown yet, a line each.</param>
internal sealed record TerminalSnapshot(
    TrainingStatus Training,
    IReadOnlyList<MeasuredRow> Rows,
    IReadOnlyList<string> Notes
);
