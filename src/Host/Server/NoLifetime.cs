namespace CurvatureMonitor.Host.Server;

/// <summary>
/// Leaves the process's signals to the program. The framework's own lifetime would swallow them, and would end the
/// event streams at the first one, while the program still finishes its measurements.
/// </summary>
internal sealed class NoLifetime : IHostLifetime
{
    /// <inheritdoc/>
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
