using Microsoft.Extensions.Hosting;

namespace CurvatureMonitor;

/// <summary>Ctrl-C and SIGTERM stay the program's: the monitor ends with the training.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
