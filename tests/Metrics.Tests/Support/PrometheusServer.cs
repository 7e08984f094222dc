using System.Text.Json;

namespace CurvatureMonitor.Metrics.Tests.Support;

/// <summary>A real Prometheus that scrapes one target every second.</summary>
internal sealed class PrometheusServer(int targetPort)
    : ServerUnderTest("Prometheus", ["prometheus"], (directory, authority) =>
        Arguments(targetPort, directory, authority)
    )
{
    /// <summary>GET of the HTTP API; the member "data" of the answer.</summary>
    public async Task<JsonElement> GetAsync(string path)
    {
        using var document = JsonDocument.Parse(await Http.GetStringAsync(new Uri(path, UriKind.Relative)));
        return document.RootElement.GetProperty("data").Clone();
    }

    /// <summary>An instant query: the labels and the value of every series in the answer.</summary>
    public async Task<IReadOnlyList<(IReadOnlyDictionary<string, string> Labels, double Value)>> QueryAsync(
        string query
    )
    {
        var data = await GetAsync("api/v1/query?query=" + Uri.EscapeDataString(query));
        return
        [
            .. data.GetProperty("result")
                .EnumerateArray()
                .Select(r =>
                    (
                        (IReadOnlyDictionary<string, string>)
                            r.GetProperty("metric")
                                .EnumerateObject()
                                .ToDictionary(l => l.Name, l => l.Value.GetString()!),
                        SampleLine.ParseNumber(r.GetProperty("value")[1].GetString()!)
                    )
                ),
        ];
    }

    public async Task<double> ScalarAsync(string query) => (await QueryAsync(query)).Single().Value;

    private static string[] Arguments(int targetPort, string directory, string authority)
    {
        var configuration = Path.Combine(directory, "prometheus.yml");
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

            """
        );
        return
        [
            $"--config.file={configuration}",
            $"--storage.tsdb.path={Path.Combine(directory, "data")}",
            $"--web.listen-address={authority}",
            "--log.level=warn",
        ];
    }
}
