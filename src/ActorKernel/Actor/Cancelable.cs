namespace CurvatureMonitor.ActorKernel.Actor;

/// <summary>The usual <see cref="ICancelable"/>; may be shared by several jobs of a scheduler.</summary>
public sealed class Cancelable : ICancelable, IDisposable
{
    private readonly IActionScheduler _scheduler;
    private readonly CancellationTokenSource _source = new();

    /// <summary>Creates the handle.</summary>
    /// <param name="scheduler">Serves <see cref="CancelAfter"/>.</param>
    public Cancelable(IScheduler scheduler)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        _scheduler = scheduler.Advanced;
    }

    /// <inheritdoc/>
    public bool IsCancellationRequested => _source.IsCancellationRequested;

    /// <inheritdoc/>
    public CancellationToken Token => _source.Token;

    /// <inheritdoc/>
    public void Cancel() => _source.Cancel();

    /// <inheritdoc/>
    public void CancelAfter(TimeSpan delay) => _scheduler.ScheduleOnce(delay, Cancel, this);

    /// <summary>Lets the token source go; need not be called, it holds nothing outside of memory.</summary>
    public void Dispose() => _source.Dispose();
}
