using System.Collections.Concurrent;

namespace CurvatureMonitor.Chaos.Tests.Support;

/// <summary>A training: emits a checkpoint now and then until it is told to end, and its last one then.</summary>
internal abstract class Trainer(SmallModel model, TimeSpan interval)
{
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<long> _emitted = new();
    private Task _training = Task.CompletedTask;

    internal string Run => Model.Run;

    /// <summary>The steps that the host has or must find, in order.</summary>
    internal IReadOnlyList<long> Emitted => [.. _emitted];

    protected SmallModel Model { get; } = model;

    internal void Start() => _training = Task.Run(TrainAsync);

    /// <summary>Lets it emit its last checkpoint and say that it has ended.</summary>
    internal async Task FinishAsync()
    {
        _end.TrySetResult();
        await _training;
    }

    /// <summary>Hands a checkpoint to the host.</summary>
    protected abstract Task EmitAsync(long step);

    /// <summary>Tells the host that no more come.</summary>
    protected abstract Task TellEndAsync();

    private async Task TrainAsync()
    {
        for (long step = 1; ; step++)
        {
            bool isLast = _end.Task.IsCompleted;
            await EmitAsync(step);
            _emitted.Enqueue(step);
            if (isLast)
            {
                await TellEndAsync();
                return;
            }

            await Task.WhenAny(_end.Task, Task.Delay(interval));
        }
    }
}
