using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace CurvatureMonitor.Mixin.Tests.Support;

/// <summary>A real Alertmanager on 127.0.0.1 with the committed configuration and a data folder of its own.</summary>
internal sealed class AlertmanagerServer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("alertmanager-test-");
    private readonly HttpClient _http;
    private readonly Process _process;

    public AlertmanagerServer()
    {
        var port = FreePort();
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/api/v2/") };
        string[] arguments =
        [
            $"--config.file={Repository.PathOf("deploy/alertmanager/alertmanager.yml")}",
            $"--storage.path={_directory.FullName}",
            $"--web.listen-address=127.0.0.1:{port}",
            "--cluster.listen-address=",
            "--log.level=error",
        ];
        _process = Start("prometheus-alertmanager", arguments) ?? Start("alertmanager", arguments)
            ?? throw new InvalidOperationException("Alertmanager cannot be started; it is in the Debian package: apt-get install prometheus-alertmanager");
    }

    /// <summary>Makes alerts known, each given by its labels.</summary>
    public async Task PostAsync(params IReadOnlyList<IReadOnlyDictionary<string, string>> alerts)
    {
        await UntilAsync(async () => (await _http.GetAsync(new Uri("status", UriKind.Relative))).IsSuccessStatusCode);
        using var response = await _http.PostAsJsonAsync("alerts", alerts.Select(labels => new { labels }));
        response.EnsureSuccessStatusCode();
    }

    /// <summary>The names of the alerts that are inhibited, once as many alerts as given have been looked at.</summary>
    public async Task<IReadOnlyList<string>> InhibitedAsync(int known)
    {
        List<string> inhibited = [];
        await UntilAsync(async () =>
        {
            var alerts = await _http.GetFromJsonAsync<JsonElement>("alerts");
            var states = alerts.EnumerateArray().ToDictionary(
                alert => alert.GetProperty("labels").GetProperty("alertname").GetString()!, alert => alert.GetProperty("status").GetProperty("state").GetString());
            inhibited = [.. states.Where(pair => pair.Value == "suppressed").Select(pair => pair.Key).Order(StringComparer.Ordinal)];

            // Until a group has waited, its alerts are "unprocessed".
            return states.Count == known && states.Values.All(state => state is "active" or "suppressed");
        });
        return inhibited;
    }

    public void Dispose()
    {
        // Exactly the process started here.
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _http.Dispose();
        _directory.Delete(recursive: true);
    }

    private static Process? Start(string program, IEnumerable<string> arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments));
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // Only a server that never gets there makes a test wait long, and then fail.
    private async Task UntilAsync(Func<Task<bool>> condition)
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
                throw new InvalidOperationException($"Alertmanager ({(_process.HasExited ? "ended" : "runs")}) did not do what was asked of it.");
            }

            await Task.Delay(200);
        }
    }
}
