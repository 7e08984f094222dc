using System.Globalization;
using System.Text.Json;

namespace CurvatureMonitor.Host.Monitoring.Alerts;

/// <summary>Asks a Prometheus for its alerts. Without one there are none.</summary>
internal sealed class AlertSource : IDisposable
{
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(3) };

    /// <summary>The Prometheus that is asked; null for none.</summary>
    internal Uri? Prometheus { get; set; }

    /// <summary>Pending and firing alerts, the firing first, then by severity and name.</summary>
    /// <exception cref="HttpRequestException">Prometheus does not answer.</exception>
    /// <exception cref="JsonException">It answers something else.</exception>
    /// <exception cref="OperationCanceledException">It takes too long, or the caller gave up.</exception>
    internal async Task<IReadOnlyList<AlertPoint>> AlertsAsync(CancellationToken cancellation)
    {
        if (Prometheus is not { } prometheus)
        {
            return [];
        }

        using var answer = await _client
            .GetAsync(new Uri(prometheus, "api/v1/alerts"), cancellation)
            .ConfigureAwait(false);
        answer.EnsureSuccessStatusCode();
        using var body = await answer.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        using var document = await JsonDocument.ParseAsync(body, cancellationToken: cancellation).ConfigureAwait(false);
        return
            document.RootElement.TryGetProperty("data", out var data)
            && data.TryGetProperty("alerts", out var alerts)
            && alerts.ValueKind == JsonValueKind.Array
            ? Read(alerts)
            : throw new JsonException($"{prometheus} does not answer as Prometheus does");
    }

    public void Dispose() => _client.Dispose();

    internal static IReadOnlyList<AlertPoint> Read(JsonElement alerts) =>
        [
            .. alerts
                .EnumerateArray()
                .Select(ReadOne)
                .OrderBy(alert => alert.State != "firing")
                .ThenBy(alert =>
                    alert.Severity switch
                    {
                        "critical" => 0,
                        "warning" => 1,
                        _ => 2,
                    }
                )
                .ThenBy(alert => alert.Name, StringComparer.Ordinal)
                .ThenBy(alert => alert.Run, StringComparer.Ordinal),
        ];

    private static AlertPoint ReadOne(JsonElement alert) =>
        new()
        {
            Name = Text(alert, "labels", "alertname") ?? "",
            State = alert.TryGetProperty("state", out var state) ? state.GetString() ?? "" : "",
            Severity = Text(alert, "labels", "severity"),
            Run = Text(alert, "labels", "run"),
            Summary = Text(alert, "annotations", "summary"),
            RunbookUrl = Text(alert, "annotations", "runbook_url"),
            ActiveAt =
                alert.TryGetProperty("activeAt", out var since)
                && DateTimeOffset.TryParse(
                    since.GetString(),
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal,
                    out var time
                )
                    ? time
                    : null,
        };

    private static string? Text(JsonElement alert, string group, string name) =>
        alert.TryGetProperty(group, out var texts) && texts.TryGetProperty(name, out var text)
            ? text.GetString()
            : null;
}
