using System.Diagnostics;

namespace CurvatureMonitor.Host.Isolation;

/// <summary>Waits for processes.</summary>
internal static class ProcessWaits
{
    /// <summary>Waits until a process has ended, or nobody wants to wait any more.</summary>
    /// <returns>Whether it has ended.</returns>
    internal static async Task<bool> HasEndedAsync(this Process process, CancellationToken until)
    {
        try
        {
            await process.WaitForExitAsync(until).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return process.HasExited;
        }
    }
}
