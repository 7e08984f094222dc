using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace CurvatureMonitor.Tests;

/// <summary>A program of <c>examples</c> as a process of its own, on a free port.</summary>
internal sealed partial class ExampleProgram : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ExampleProgram(string name, string[] arguments)
    {
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(
                "dotnet",
                [Path.Combine(AppContext.BaseDirectory, name + ".dll"), .. arguments]
            )
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = AppContext.BaseDirectory,
            },
            EnableRaisingEvents = true,
        };
        _process.OutputDataReceived += (_, line) => Receive(line.Data);
        _process.ErrorDataReceived += (_, line) => Receive(line.Data);
        _process.Exited += (_, _) => _address.TrySetException(new InvalidOperationException($"it ended: {Output}"));
    }

    /// <summary>Everything that it said.</summary>
    internal string Output => string.Join('\n', _lines);

    /// <summary>Starts an example.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="arguments">Its arguments; it must say where it listens.</param>
    internal static ExampleProgram Start(string name, params string[] arguments)
    {
        var program = new ExampleProgram(name, arguments);
        program._process.Start();
        program._process.BeginOutputReadLine();
        program._process.BeginErrorReadLine();
        return program;
    }

    /// <summary>Where it listens, once it has said so.</summary>
    internal Task<Uri> AddressAsync() => _address.Task.WaitAsync(Until.Patience);

    /// <summary>Asks it to end, as a service manager does, and waits until it has.</summary>
    /// <returns>Its exit code.</returns>
    internal async Task<int> TerminateAsync()
    {
        string id = _process.Id.ToString(CultureInfo.InvariantCulture);
        using (var kill = Process.Start("kill", ["-TERM", id]))
        {
            await kill.WaitForExitAsync();
        }

        return await ExitAsync();
    }

    /// <summary>Waits until it has ended.</summary>
    /// <returns>Its exit code.</returns>
    internal async Task<int> ExitAsync()
    {
        using var deadline = new CancellationTokenSource(Until.Patience);
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private void Receive(string? line)
    {
        if (line is null)
        {
            return;
        }

        _lines.Enqueue(line);
        if (Listening().Match(line) is { Success: true } match)
        {
            _address.TrySetResult(new Uri(match.Groups["address"].Value));
        }
    }

    [GeneratedRegex(@"Now listening on: (?<address>http://\S+)")]
    private static partial Regex Listening();
}
