using Akka.Actor;
using CurvatureMonitor.Actors.Runtime;
using CurvatureMonitor.Derivatives;
using CurvatureMonitor.Metrics;

namespace CurvatureMonitor.Actors.Hosting;

/// <summary>Reads mailbox depths and native memory when /metrics is scraped.</summary>
internal static class MonitorGauges
{
    /// <summary>Has them read at every scrape.</summary>
    public static void Register(ActorSystem system, CurvatureMetrics metrics)
    {
        var depths = MailboxDepths.Of(system);
        metrics.AddCollector(target =>
        {
            target.ReportNative(TorchRuntime.LiveObjects, TorchRuntime.LiveBytes);
            foreach (var kind in ActorNames.All)
            {
                target.ReportMailboxDepth(kind, depths.DepthOf(kind));
            }
        });
    }
}
