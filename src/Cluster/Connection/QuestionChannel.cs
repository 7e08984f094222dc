using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace CurvatureMonitor.Cluster.Connection;

/// <summary>
/// A channel for questions about queues that may not be there. The broker answers such a question by closing the
/// channel: the next one gets a new channel. One question at a time.
/// </summary>
/// <param name="open">Opens a channel whose end for want of a queue is no loss.</param>
internal sealed class QuestionChannel(Func<CancellationToken, Task<IChannel>> open) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private IChannel? _channel;

    /// <summary>Whether a channel has ended because a queue is not there.</summary>
    public static bool IsNotFound(ShutdownEventArgs? reason) => reason?.ReplyCode == Constants.NotFound;

    /// <summary>Asks.</summary>
    /// <param name="ask">The question.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <typeparam name="T">What the answer is.</typeparam>
    /// <returns>The answer; null where there is no such queue.</returns>
    public async Task<T?> AskAsync<T>(Func<IChannel, Task<T?>> ask, CancellationToken cancellation)
        where T : class
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var channel = _channel ??= await open(cancellation).ConfigureAwait(false);
            return await ask(channel).ConfigureAwait(false);
        }
        catch (OperationInterruptedException exception) when (IsNotFound(exception.ShutdownReason))
        {
            _channel = null;
            return null;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();
}
