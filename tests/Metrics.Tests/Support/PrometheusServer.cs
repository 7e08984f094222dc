using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace CurvatureMonitor.Metrics.Tests.Support;

/// <summary>A real Prometheus on 127.0.0.1 with a configuration and data directory of its own, that scrapes one target every second.</summary>
internal sealed class PrometheusServer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("prometheus-test-");
    private readonly ConcurrentQueue<string> _log = new();
    private readonly HttpClient _http;
    private readonly Process _process;

    public PrometheusServer(int targetPort)
    {
        var configuration = Path.Combine(_directory.FullName, "prometheus.yml");
        File.WriteAllText(
            configuration,
            $"""
            global:
              scrape_interval: 1s
              scrape_timeout: 1s
            scrape_configs:
              - job_name: curvature
                static_configs:
                  - targets: ['127.0.0.1:{targetPort}']

            """);
        var port = FreePort.Find();
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
        _process = ExternalTool.Start(
            "prometheus",
            $"--config.file={configuration}",
            $"--storage.tsdb.path={Path.Combine(_directory.FullName, "data")}",
            $"--web.listen-address=127.0.0.1:{port}",
            "--log.level=warn");
        _process.ErrorDataReceived += (_, e) => _log.Enqueue(e.Data ?? "");
        _process.OutputDataReceived += (_, e) => _log.Enqueue(e.Data ?? "");
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    public string Log => string.Join('\n', _log);

    /// <summary>GET of the HTTP API; the member "data" of the answer.</summary>
    public async Task<JsonElement> GetAsync(string path)
    {
        using var document = JsonDocument.Parse(await _http.GetStringAsync(new Uri(path, UriKind.Relative)));
        return document.RootElement.GetProperty("data").Clone();
    }

    /// <summary>An instant query: the labels and the value of every series in the answer.</summary>
    public async Task<IReadOnlyList<(IReadOnlyDictionary<string, string> Labels, double Value)>> QueryAsync(string query)
    {
        var data = await GetAsync("api/v1/query?query=" + Uri.EscapeDataString(query));
        return [.. data.GetProperty("result").EnumerateArray().Select(r => (
            (IReadOnlyDictionary<string, string>)r.GetProperty("metric").EnumerateObject().ToDictionary(l => l.Name, l => l.Value.GetString()!),
            SampleLine.ParseNumber(r.GetProperty("value")[1].GetString()!)))];
    }

    public async Task<double> ScalarAsync(string query) => (await QueryAsync(query)).Single().Value;

    /// <summary>Asks again until the condition holds. Only a server that never gets there makes a test wait long, and then fail.</summary>
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
            if (_process.HasExited || watch.Elapsed > Patience)
            {
                var state = _process.HasExited ? $"exited with {_process.ExitCode.ToString(CultureInfo.InvariantCulture)}" : "runs";
                throw new InvalidOperationException($"Prometheus ({state}) did not come to this: {what}. Its log:\n{Log}");
            }
            await Task.Delay(100);
        }
    }

    public void Dispose()
    {
        // Exactly the process started here; its data are thrown away, so it need not flush them.
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _http.Dispose();
        _directory.Delete(recursive: true);
    }
}
