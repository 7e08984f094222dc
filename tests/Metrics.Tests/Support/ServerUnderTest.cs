using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace CurvatureMonitor.Metrics.Tests.Support;

/// <summary>
/// A real server on a free port of 127.0.0.1, with a data folder of its own. Disposing it ends exactly this process.
/// </summary>
internal abstract class ServerUnderTest : IDisposable
{
    private readonly string _name;
    private readonly ConcurrentQueue<string> _log = new();
    private readonly Process _process;

    /// <param name="name">What people call it.</param>
    /// <param name="programs">The program; further ones are tried where it is not installed.</param>
    /// <param name="arguments">Its command line, from its data folder and where it listens.</param>
    protected ServerUnderTest(
        string name,
        IReadOnlyList<string> programs,
        Func<string, string, IEnumerable<string>> arguments
    )
    {
        _name = name;
        Directory = System.IO.Directory.CreateTempSubdirectory("server-under-test-");
        string authority = $"127.0.0.1:{FreePort.Find()}";
        Http = new HttpClient { BaseAddress = new Uri($"http://{authority}/") };
        _process = ExternalTool.Start(programs, [.. arguments(Directory.FullName, authority)]);
        _process.ErrorDataReceived += (_, e) => _log.Enqueue(e.Data ?? "");
        _process.OutputDataReceived += (_, e) => _log.Enqueue(e.Data ?? "");
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    public string Log => string.Join('\n', _log);

    protected HttpClient Http { get; }

    protected DirectoryInfo Directory { get; }

    /// <summary>
    /// Asks again until the condition holds. Only a server that never gets there makes a test wait long, and then fail.
    /// </summary>
    public async Task UntilAsync(string what, Func<Task<bool>> condition)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                if (await condition())
                {
                    return;
                }
            }
            catch (HttpRequestException) when (!_process.HasExited)
            {
                // Not listening yet.
            }

            if (_process.HasExited || watch.Elapsed > Until.Patience)
            {
                var state = _process.HasExited
                    ? $"exited with {_process.ExitCode.ToString(CultureInfo.InvariantCulture)}"
                    : "runs";
                throw new InvalidOperationException($"{_name} ({state}) did not come to this: {what}. Its log:\n{Log}");
            }

            await Task.Delay(100);
        }
    }

    public void Dispose()
    {
        // Its data are thrown away, so it need not flush them.
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Http.Dispose();
        Directory.Delete(recursive: true);
    }
}
