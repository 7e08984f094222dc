using System.Diagnostics;
using System.IO.Pipes;
using System.Text;

namespace CurvatureMonitor.Host.Isolation;

/// <summary>
/// Runs a command of this program in a process of its own. A model that crashes, hangs or takes all memory ends that
/// process; this one says so.
/// </summary>
/// <param name="limits">What it may use.</param>
/// <param name="time">The clock.</param>
/// <param name="errors">Standard error of this process.</param>
internal sealed class MeasuringProcess(MeasuringLimits limits, TimeProvider time, TextWriter errors)
{
    private static readonly TimeSpan ChildGrace = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Grace = ChildGrace + TimeSpan.FromSeconds(1);

    private readonly CrashText _crash = new();
    private volatile string _doing = "starting";

    /// <summary>Runs it to its end.</summary>
    /// <param name="arguments">The command.</param>
    /// <param name="cancellation">Asks for an early end.</param>
    /// <returns>How it ended.</returns>
    internal async Task<MeasuringEnd> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        using var pipe = new AnonymousPipeServerStream(PipeDirection.In, HandleInheritability.Inheritable);
        var info = ProgramStart.With(arguments);
        info.RedirectStandardInput = true;
        info.RedirectStandardError = true;
        var setting = new ChildSetting(pipe.GetClientHandleAsString(), limits.MemoryBytes, ChildGrace);
        info.Environment[ChildSetting.Variable] = setting.ToString();
        using var child = ProgramStart.Start(info);
        pipe.DisposeLocalCopyOfClientHandle();
        var listening = Task.WhenAll(ListenAsync(pipe), _crash.ReadAsync(child.StandardError));
        bool late = await WaitAsync(child, cancellation).ConfigureAwait(false);
        await listening.ConfigureAwait(false);
        return new MeasuringEnd(new ProcessEnd(child.ExitCode), _doing, _crash)
        {
            IsLate = late,
            IsCancelled = cancellation.IsCancellationRequested,
        };
    }

    private async Task<bool> WaitAsync(Process child, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(limits.Deadline ?? Timeout.InfiniteTimeSpan, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        if (await child.HasEndedAsync(either.Token).ConfigureAwait(false))
        {
            return false;
        }

        if (cancellation.IsCancellationRequested)
        {
            child.StandardInput.Close();
            using var grace = new CancellationTokenSource(Grace, time);
            if (await child.HasEndedAsync(grace.Token).ConfigureAwait(false))
            {
                return false;
            }
        }

        child.Kill(entireProcessTree: true);
        await child.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        return !cancellation.IsCancellationRequested;
    }

    private async Task ListenAsync(AnonymousPipeServerStream pipe)
    {
        using var reader = new StreamReader(pipe, Encoding.UTF8);
        while (await reader.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            switch (line.Length > 0 ? line[0] : '\0')
            {
                case ChildMessage.Doing:
                    _doing = line[1..];
                    break;
                case ChildMessage.Say:
                    await errors.WriteLineAsync(line.AsMemory(1)).ConfigureAwait(false);
                    break;
            }
        }
    }
}
