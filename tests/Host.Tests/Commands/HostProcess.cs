using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace CurvatureMonitor.Host.Tests.Commands;

/// <summary>The program as a user starts it: a process of its own.</summary>
internal sealed partial class HostProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HostProcess(
        string[] arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        string? folder = null,
        string[]? within = null
    )
    {
        string program = Path.Combine(AppContext.BaseDirectory, "CurvatureMonitor.Host.dll");
        string[] command = [.. within ?? [], "dotnet", program, .. arguments];
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(command[0], command[1..])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true,
                WorkingDirectory = folder ?? string.Empty,
            },
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            _process.StartInfo.Environment[name] = value;
        }

        _process.OutputDataReceived += (_, line) => Receive(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Receive(_errors, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    internal string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    internal string Errors
    {
        get
        {
            lock (_errors)
            {
                return _errors.ToString();
            }
        }
    }

    internal bool HasExited => _process.HasExited;

    internal int ProcessId => _process.Id;

    internal static HostProcess Start(params string[] arguments) => new(arguments);

    internal static HostProcess Start(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        new(arguments, environment);

    internal static HostProcess StartIn(
        string folder,
        IReadOnlyDictionary<string, string> environment,
        params string[] arguments
    ) => new(arguments, environment, folder);

    /// <summary>Starts it by another command, which becomes this program.</summary>
    internal static HostProcess StartWithin(string[] within, params string[] arguments) =>
        new(arguments, within: within);

    /// <summary>Where the live page is, once the program has said so.</summary>
    internal Task<Uri> AddressAsync() => _address.Task.WaitAsync(Until.Patience);

    /// <summary>Waits until it says something on standard output.</summary>
    internal async Task SaysAsync(string text)
    {
        long started = Stopwatch.GetTimestamp();
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(started) > 3 * Until.Patience)
            {
                throw new TimeoutException($"the program did not say '{text}' but:\n{Output}\n{Errors}");
            }

            await Task.Delay(100);
        }
    }

    internal async Task<int> ExitCodeAsync()
    {
        using var deadline = new CancellationTokenSource(Until.Patience);
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    /// <summary>What Ctrl-C sends.</summary>
    internal async Task InterruptAsync()
    {
        using var kill = Process.Start("kill", ["-INT", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>What nothing can prepare for.</summary>
    internal async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private void Receive(StringBuilder text, string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (text)
        {
            text.AppendLine(line);
        }

        if (PageAddress().Match(line) is { Success: true } match)
        {
            _address.TrySetResult(new Uri(match.Groups["address"].Value));
        }
    }

    [GeneratedRegex(@"Live page: (?<address>http://\S+)")]
    private static partial Regex PageAddress();
}
