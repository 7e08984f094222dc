using System.Text.Json;
using CurvatureMonitor.Host.Monitoring.Alerts;

namespace CurvatureMonitor.Host.Tests.Monitoring;

public sealed class AlertWatchTests
{
    private const string Answer = """
        [
          {"labels":{"alertname":"B","severity":"info","run":"r"},"annotations":{"summary":"calm"},
           "state":"firing","activeAt":"2026-01-02T12:00:00.5Z","value":"1"},
          {"labels":{"alertname":"C","severity":"critical","run":"r"},"annotations":{"summary":"soon"},
           "state":"pending","activeAt":"2026-01-02T12:00:00Z"},
          {"labels":{"alertname":"A","severity":"critical","run":"r"},
           "annotations":{"summary":"too sharp","runbook_url":"http://h/runbooks/A"},"state":"firing"},
          {"labels":{},"annotations":{}}
        ]
        """;

    [Fact]
    public void Alerts_of_Prometheus_are_read_the_firing_and_the_severe_first()
    {
        var alerts = Read(Answer);
        Assert.Equal(["A", "B", "C", ""], alerts.Select(alert => alert.Name));
        Assert.Equal("http://h/runbooks/A", alerts[0].RunbookUrl);
        Assert.Null(alerts[0].ActiveAt);
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 12, 0, 0, 500, TimeSpan.Zero), alerts[1].ActiveAt);
    }

    [Fact]
    public void An_alert_is_told_when_it_begins_to_fire_and_when_it_is_over_and_not_in_between()
    {
        var said = new List<string>();
        var watch = new AlertWatch(new AlertSource(), said.Add);
        watch.Tell(Read(Answer));
        watch.Tell(Read(Answer));
        Assert.Equal(["ALERT A (critical): too sharp", "ALERT B (info): calm"], said);
        watch.Tell([]);
        Assert.Equal(["A is over for r", "B is over for r"], said.Skip(2).Order());
    }

    [Fact]
    public async Task Without_a_Prometheus_there_are_no_alerts()
    {
        using var source = new AlertSource();
        Assert.Empty(await source.AlertsAsync(CancellationToken.None));
    }

    private static IReadOnlyList<AlertPoint> Read(string text)
    {
        using var document = JsonDocument.Parse(text);
        return AlertSource.Read(document.RootElement);
    }
}
