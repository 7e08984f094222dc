using CurvatureMonitor.Cluster.Connection;
using CurvatureMonitor.Contracts.Errors;

namespace CurvatureMonitor.Host.Cluster;

/// <summary>
/// Sees at the start of a command that the broker is there and lets it in: a mistake in an address must not look like a
/// broker that is away.
/// </summary>
internal static class BrokerReach
{
    /// <summary>A broker and what uses it are often started together.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <exception cref="UserErrorException">It is not reached, or refuses: one line.</exception>
    internal static async Task RequireAsync(BrokerAddress address, string clientName, CancellationToken cancellation)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (
            await BrokerAddressFailure.ProbeAsync(address, clientName, cancellation).ConfigureAwait(false)
                is { } failure
        )
        {
            if (failure.IsMistake || TimeProvider.System.GetElapsedTime(started) > Timeout)
            {
                throw new UserErrorException(failure.Message);
            }

            await Task.Delay(Pause, cancellation).ConfigureAwait(false);
        }
    }
}
