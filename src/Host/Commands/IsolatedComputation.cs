using System.CommandLine;
using System.Globalization;
using CurvatureMonitor.Actors.Failures;
using CurvatureMonitor.Contracts.Jobs;
using CurvatureMonitor.Derivatives.Errors;
using CurvatureMonitor.Host.Configuration;
using CurvatureMonitor.Host.Isolation;

namespace CurvatureMonitor.Host.Commands;

/// <summary>
/// A command that computes with a model from elsewhere: in a process of its own, unless this is that process, or none
/// is wanted.
/// </summary>
/// <param name="compute">Does it and returns the exit code.</param>
/// <param name="discard">Removes what an attempt that was cut off may have left.</param>
internal sealed class IsolatedComputation(
    Func<BoundOptions, ParseResult, Work, int> compute,
    Action<BoundOptions>? discard = null
)
{
    /// <summary>Runs it.</summary>
    /// <returns>The exit code.</returns>
    internal async Task<int> RunAsync(BoundOptions options, ParseResult arguments, CancellationToken cancellation)
    {
        // Ctrl-C is taken over when a command first waits: before that nothing is started that would outlive it.
        await Task.Yield();
        var isolation = options.Get<IsolationOptions>();
        var link = ChildLink.Current;
        if (link is not null || isolation.InProcess)
        {
            return await ComputeAsync(options, arguments, link, cancellation).ConfigureAwait(false);
        }

        var limits = new MeasuringLimits(
            options.Get<MemoryLimitOptions>().Bytes ?? FreeMemory.For(options.Get<ComputeOptions>().Device),
            isolation.DeadlineOrNone
        );
        var process = new MeasuringProcess(limits, TimeProvider.System, Console.Error);
        var end = await process.RunAsync(ProgramStart.Arguments, cancellation).ConfigureAwait(false);
        if (end.IsLate || end.End.IsCrash)
        {
            discard?.Invoke(options);
        }

        return new MeasuringReport(limits, Console.Error).CodeOf(end);
    }

    private async Task<int> ComputeAsync(
        BoundOptions options,
        ParseResult arguments,
        ChildLink? link,
        CancellationToken cancellation
    )
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(
            cancellation,
            link?.Ending ?? CancellationToken.None
        );

        try
        {
            // A thread of its own: libtorch computes on the thread that calls it.
            return await Task
                .Factory.StartNew(
                    () => compute(options, arguments, new Work(link, ending.Token)),
                    ending.Token,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default
                )
                .ConfigureAwait(false);
        }
        catch (Exception failure) when (link?.MemoryBytes is { } bytes && IsRefusal(failure))
        {
            string limit = (bytes / 1_000_000).ToString(CultureInfo.InvariantCulture);
            throw new DerivativeException(
                DerivativeErrorKind.OutOfMemory,
                $"{failure.Message}; {limit} MB are what its process may hold: {MeasuringReport.MemoryRemedy}",
                failure
            );
        }
    }

    // Of the machine, and not of a budget that is kept by counting.
    private static bool IsRefusal(Exception failure) =>
        failure is OutOfMemoryException
        || (
            FailureClassifier.ReasonOf(failure) == JobFailureReason.OutOfMemory
            && CrashText.IsOfMemory(failure.Message)
        );
}
