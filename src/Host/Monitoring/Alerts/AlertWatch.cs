using System.Text.Json;

namespace CurvatureMonitor.Host.Monitoring.Alerts;

/// <summary>Says, once each, that an alert begins to fire and that it is over.</summary>
internal sealed class AlertWatch(AlertSource source, Action<string> notice)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private HashSet<(string Name, string? Run)> _firing = [];

    /// <summary>Watches until it is cancelled.</summary>
    internal async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                await LookAsync(cancellation).ConfigureAwait(false);
                await Task.Delay(Interval, cancellation).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The end.
        }
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        IReadOnlyList<AlertPoint> alerts;
        try
        {
            alerts = await source.AlertsAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception failure)
            when (failure is HttpRequestException or JsonException
                || (failure is OperationCanceledException && !cancellation.IsCancellationRequested)
            )
        {
            // Prometheus is not up yet, or busy: the next look tells.
            return;
        }

        Tell(alerts);
    }

    internal void Tell(IReadOnlyList<AlertPoint> alerts)
    {
        var firing = alerts.Where(alert => alert.State == "firing").ToList();
        foreach (var alert in firing.Where(alert => _firing.Add((alert.Name, alert.Run))))
        {
            notice(
                $"ALERT {alert.Name} ({alert.Severity ?? "no severity"}): {alert.Summary ?? alert.Run ?? "no summary"}"
            );
        }

        var now = firing.Select(alert => (alert.Name, alert.Run)).ToHashSet();
        foreach (var (name, run) in _firing.Except(now))
        {
            notice($"{name} is over{(run is null ? "" : $" for {run}")}");
        }

        _firing = now;
    }
}
