using System.Diagnostics;
using System.Globalization;

namespace CurvatureMonitor.Bench;

/// <summary><c>curvature worker</c> in a process of its own, with one thread; it ends by SIGKILL.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private WorkerProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, _) => _ready.TrySetResult();
        process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Done when it has begun, and has had time to join.</summary>
    internal Task Ready => ReadyAsync();

    /// <summary>What it has taken of processors so far.</summary>
    internal TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Done when it has ended.</summary>
    internal Task Ended => _process.WaitForExitAsync();

    internal static WorkerProcess Start(BenchCluster cluster, Scratch data)
    {
        string root = AppContext.BaseDirectory[
            ..AppContext.BaseDirectory.IndexOf(Path.Combine("bench", "bin"), StringComparison.Ordinal)
        ];
        string program = Path.Combine(root, "src", "Host", "bin", "Release", "net10.0", "CurvatureMonitor.Host.dll");
        string name = "bench-" + Guid.NewGuid().ToString("N")[..8];
        var info = new ProcessStartInfo(
            "dotnet",
            [
                program,
                "worker",
                "--join",
                cluster.Host,
                "--credentials",
                cluster.CredentialsFolder,
                "--name",
                name,
                "--threads",
                "1",
                "--cache-dir",
                Path.Combine(data.Folder, "cache"),
            ]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment["OMP_NUM_THREADS"] = 1.ToString(CultureInfo.InvariantCulture);
        return new WorkerProcess(Process.Start(info)!);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
    }

    private async Task ReadyAsync()
    {
        await _ready.Task;
        await Task.Delay(TimeSpan.FromSeconds(2));
    }
}
