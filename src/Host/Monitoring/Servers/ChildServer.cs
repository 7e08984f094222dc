using System.Diagnostics;
using System.Globalization;

namespace CurvatureMonitor.Host.Monitoring.Servers;

/// <summary>
/// A server that runs as a child of this process, on a free port of 127.0.0.1. Disposing it ends exactly this child.
/// </summary>
internal sealed class ChildServer : IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    private readonly Process _process;
    private readonly Queue<string> _log = new();

    private ChildServer(string name, Uri address, Process process)
    {
        Name = name;
        Address = address;
        _process = process;
        process.OutputDataReceived += (_, line) => Remember(line.Data);
        process.ErrorDataReceived += (_, line) => Remember(line.Data);
    }

    /// <summary>What people call it.</summary>
    internal string Name { get; }

    /// <summary>Where it listens.</summary>
    internal Uri Address { get; }

    /// <summary>Its process.</summary>
    internal int ProcessId => _process.Id;

    /// <summary>Whether it has ended.</summary>
    internal bool HasExited => _process.HasExited;

    /// <summary>Starts a server; it may take a while until it answers.</summary>
    /// <param name="name">What people call it.</param>
    /// <param name="program">The path of the program.</param>
    /// <param name="address">Where it is told to listen.</param>
    /// <param name="arguments">Its command line.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">The program cannot be started.</exception>
    internal static ChildServer Start(string name, string program, Uri address, IEnumerable<string> arguments)
    {
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true,
            },
        };
        process.Start();
        var server = new ChildServer(name, address, process);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return server;
    }

    /// <summary>Waits until it answers.</summary>
    /// <returns>Null when it does; else one line: why not.</returns>
    internal async Task<string?> ReadyAsync(HttpClient client, TimeSpan patience, CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < patience)
        {
            if (_process.HasExited)
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Name} ended with exit code {_process.ExitCode}: {LastWords()}"
                );
            }

            try
            {
                using var answer = await client
                    .GetAsync(new Uri(Address, "-/ready"), cancellation)
                    .ConfigureAwait(false);
                if (answer.IsSuccessStatusCode)
                {
                    return null;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(Poll, cancellation).ConfigureAwait(false);
        }

        return $"{Name} did not answer at {Address} within {patience.TotalSeconds:0} s: {LastWords()}";
    }

    /// <summary>Ends the child and waits until it is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            // Its data are thrown away, so nothing is lost by not asking.
            _process.Kill();
            using var deadline = new CancellationTokenSource(Timeout);
            try
            {
                await _process.WaitForExitAsync(deadline.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // Killed all the same; the system takes its time.
            }
        }

        _process.Dispose();
    }

    private string LastWords()
    {
        lock (_log)
        {
            return _log.Count == 0 ? "it said nothing" : _log.Last();
        }
    }

    private void Remember(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        lock (_log)
        {
            _log.Enqueue(line);
            if (_log.Count > 20)
            {
                _log.Dequeue();
            }
        }
    }
}
