using System.Net.Http.Json;
using System.Text.Json;
using CurvatureMonitor.Metrics.Tests.Support;

namespace CurvatureMonitor.Mixin.Tests.Support;

/// <summary>A real Alertmanager with the committed configuration.</summary>
internal sealed class AlertmanagerServer()
    : ServerUnderTest("Alertmanager", ["prometheus-alertmanager", "alertmanager"], Arguments)
{
    /// <summary>Makes alerts known, each given by its labels.</summary>
    public async Task PostAsync(params IReadOnlyList<IReadOnlyDictionary<string, string>> alerts)
    {
        await UntilAsync("it answers", async () =>
            (await Http.GetAsync(new Uri("api/v2/status", UriKind.Relative))).IsSuccessStatusCode
        );
        using var response = await Http.PostAsJsonAsync("api/v2/alerts", alerts.Select(labels => new { labels }));
        response.EnsureSuccessStatusCode();
    }

    /// <summary>The names of the alerts that are inhibited, once as many alerts as given have been looked at.</summary>
    public async Task<IReadOnlyList<string>> InhibitedAsync(int known)
    {
        List<string> inhibited = [];
        await UntilAsync($"{known} alerts are active or inhibited", async () =>
        {
            var alerts = await Http.GetFromJsonAsync<JsonElement>("api/v2/alerts");
            var states = alerts
                .EnumerateArray()
                .ToDictionary(
                    alert => alert.GetProperty("labels").GetProperty("alertname").GetString()!,
                    alert => alert.GetProperty("status").GetProperty("state").GetString()
                );
            inhibited =
            [
                .. states
                    .Where(pair => pair.Value == "suppressed")
                    .Select(pair => pair.Key)
                    .Order(StringComparer.Ordinal),
            ];

            // Until a group has waited, its alerts are "unprocessed".
            return states.Count == known && states.Values.All(state => state is "active" or "suppressed");
        });
        return inhibited;
    }

    private static string[] Arguments(string directory, string authority) =>
        [
            $"--config.file={Repository.PathOf("deploy/alertmanager/alertmanager.yml")}",
            $"--storage.path={directory}",
            $"--web.listen-address={authority}",
            "--cluster.listen-address=",
            "--log.level=error",
        ];
}
