using System.Diagnostics;

namespace CurvatureMonitor.Host.Isolation;

/// <summary>
/// Keeps processes of this program running: another starts when one crashes, after a pause. All of them end with this
/// process, however it ends, since they read from it and notice when they can read no more.
/// </summary>
/// <param name="program">How this program is started with some arguments.</param>
/// <param name="time">The clock.</param>
/// <param name="lost">Told of each that ended and should be there.</param>
internal sealed class ChildWorkers(
    Func<IEnumerable<string>, ProcessStartInfo> program,
    TimeProvider time,
    Action<ChildLoss> lost
)
{
    // Beyond the grace after which a child ends itself, where it is not stopped or short of everything.
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Those of the program that runs, whose losses are told on standard error.</summary>
    internal static ChildWorkers OfThisProgram() =>
        new(ProgramStart.With, TimeProvider.System, loss => Console.Error.WriteLine($"curvature: {loss}"));

    /// <summary>Runs workers until they are stopped, all end in order, or one cannot begin.</summary>
    /// <param name="workers">The workers.</param>
    /// <param name="notBegun">The exit code of one that cannot begin, and would not at the next attempt.</param>
    /// <param name="cancellation">Stops them.</param>
    /// <param name="closing">From now on those that end are not replaced.</param>
    /// <returns>0, or the exit code of the one that could not begin.</returns>
    internal async Task<int> RunAsync(
        IReadOnlyList<ChildWorker> workers,
        int notBegun,
        CancellationToken cancellation,
        CancellationToken closing = default
    )
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        int[] codes = await Task.WhenAll(workers.Select(KeepAsync)).ConfigureAwait(false);
        return codes.Max();

        async Task<int> KeepAsync(ChildWorker worker)
        {
            int code = await KeepRunningAsync(worker, notBegun, closing, ending.Token).ConfigureAwait(false);
            if (code != 0)
            {
                await ending.CancelAsync().ConfigureAwait(false);
            }

            return code;
        }
    }

    private async Task<int> KeepRunningAsync(
        ChildWorker worker,
        int notBegun,
        CancellationToken closing,
        CancellationToken cancellation
    )
    {
        var backOff = new BackOff();
        for (bool isFirst = true; !cancellation.IsCancellationRequested; isFirst = false)
        {
            long started = time.GetTimestamp();
            var end = await RunOnceAsync(worker, cancellation).ConfigureAwait(false);
            if (closing.IsCancellationRequested || cancellation.IsCancellationRequested || end.Code == 0)
            {
                return 0;
            }

            if (end.Code == notBegun && isFirst)
            {
                return end.Code;
            }

            var pause = backOff.After(time.GetElapsedTime(started));
            lost(new ChildLoss(worker.Name, end, pause));
            try
            {
                await Task.Delay(pause, time, cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // Stopped.
            }
        }

        return 0;
    }

    private async Task<ProcessEnd> RunOnceAsync(ChildWorker worker, CancellationToken cancellation)
    {
        var info = program(worker.Arguments);
        info.RedirectStandardInput = true;
        info.Environment[ChildSetting.Variable] = new ChildSetting(null, worker.MemoryBytes, worker.Grace).ToString();
        foreach (var (name, value) in worker.Environment)
        {
            info.Environment[name] = value;
        }

        using var child = ProgramStart.Start(info);
        if (!await child.HasEndedAsync(cancellation).ConfigureAwait(false))
        {
            child.StandardInput.Close();
            using var deadline = new CancellationTokenSource(worker.Grace + EndTimeout, time);
            if (!await child.HasEndedAsync(deadline.Token).ConfigureAwait(false))
            {
                child.Kill(entireProcessTree: true);
                await child.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }

        return new ProcessEnd(child.ExitCode);
    }
}
