using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using CurvatureMonitor.Contracts.Errors;

namespace CurvatureMonitor.Host.Commands;

/// <summary>
/// Runs a worker as a child process and starts another when it crashes, after a pause that grows while crashes come
/// quickly. The child reads from this process and ends in order when it can read no more: when this one is stopped, and
/// when it is killed.
/// </summary>
internal sealed class WorkerSupervisor(
    IReadOnlyList<string> commandLine,
    string name,
    TimeSpan grace,
    TimeProvider time,
    TextWriter errors
)
{
    /// <summary>Tells a worker that it is a child.</summary>
    internal const string ChildOption = "--supervised";

    private const int FirstSignal = 128;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>A child that lived so long did not crash because of how it was started.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(5);

    /// <summary>What a child has to end beyond the grace of its job.</summary>
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(10);

    /// <summary>Runs until it is stopped, or the child ends in order, or cannot begin.</summary>
    /// <returns>The exit code.</returns>
    internal async Task<int> RunAsync(CancellationToken cancellation)
    {
        var pause = FirstPause;
        for (bool isFirst = true; ; isFirst = false)
        {
            long started = time.GetTimestamp();
            int code = await RunChildAsync(cancellation).ConfigureAwait(false);
            if (cancellation.IsCancellationRequested)
            {
                return ExitCodes.Done;
            }

            var lived = time.GetElapsedTime(started);
            if (code == ExitCodes.Done || (code == ExitCodes.BadInput && isFirst))
            {
                return code;
            }

            pause = lived > Settled ? FirstPause : pause;
            await errors
                .WriteLineAsync(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"curvature: the worker {name} {Ended(code)}; another one starts in {pause.TotalSeconds:0.#} s"
                    )
                )
                .ConfigureAwait(false);
            try
            {
                await Task.Delay(pause, time, cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return ExitCodes.Done;
            }

            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>In a child: asks for its end when the supervisor has gone, or wants it to.</summary>
    /// <param name="ending">Is cancelled then.</param>
    internal static void EndWithParent(CancellationTokenSource ending)
    {
        var reader = new Thread(() =>
        {
            using var input = Console.OpenStandardInput();
            try
            {
                while (input.ReadByte() >= 0)
                {
                    // Nothing is ever said.
                }
            }
            catch (IOException)
            {
                // It has gone.
            }

            try
            {
                ending.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It ends already.
            }
        })
        {
            IsBackground = true,
            Name = "supervisor",
        };
        reader.Start();
    }

    private async Task<int> RunChildAsync(CancellationToken cancellation)
    {
        using var child = Start();
        try
        {
            await child.WaitForExitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await EndAsync(child).ConfigureAwait(false);
        }

        return child.ExitCode;
    }

    private Process Start()
    {
        // Under `dotnet X.dll` the first argument is the program, which the runtime's own path is not.
        string runtime = Environment.ProcessPath
            ?? throw new InvalidOperationException("the program does not know its own path");
        bool isHosted = Path.GetFileNameWithoutExtension(runtime) == "dotnet";
        string[] rest = [.. commandLine.Skip(1).Where(argument => argument != "--supervise")];
        var named = rest.Any(argument =>
            argument == "--name" || argument.StartsWith("--name=", StringComparison.Ordinal)
        )
            ? Array.Empty<string>()
            : ["--name", name];
        IEnumerable<string> arguments =
        [
            .. isHosted ? [Path.GetFullPath(commandLine[0])] : Array.Empty<string>(),
            .. rest,
            .. named,
            ChildOption,
        ];
        try
        {
            return Process.Start(new ProcessStartInfo(runtime, arguments) { RedirectStandardInput = true })!;
        }
        catch (Win32Exception exception)
        {
            throw new UserErrorException($"the worker cannot be started ({exception.Message})", cause: exception);
        }
    }

    private async Task EndAsync(Process child)
    {
        child.StandardInput.Close();
        using var deadline = new CancellationTokenSource(grace + EndPatience, time);
        try
        {
            await child.WaitForExitAsync(deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // It hangs: what it had goes to another worker.
            child.Kill(entireProcessTree: true);
            await child.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static string Ended(int code) =>
        code > FirstSignal
            ? string.Create(CultureInfo.InvariantCulture, $"was ended by signal {code - FirstSignal}")
            : string.Create(CultureInfo.InvariantCulture, $"ended with exit code {code}");
}
