using System.Globalization;
using CurvatureMonitor.Host.Cluster;
using Spectre.Console;

namespace CurvatureMonitor.Host.Terminal;

/// <summary>A cluster as people read it.</summary>
internal static class ClusterView
{
    internal static void Write(IAnsiConsole console, ClusterReport report)
    {
        console.Write(Workers(report));
        console.WriteLine();
        console.Write(Hosts(report));
    }

    private static Table Workers(ClusterReport report)
    {
        var table = Titled(
            ["worker", "state", "device", "memory", "libtorch", "machine", "process", "jobs", "kept", "at"]
        );
        foreach (var worker in report.Workers)
        {
            string job = worker.Run is null
                ? string.Empty
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{worker.Analysis} of {worker.Run} at step {worker.Step}, {worker.SecondsLeft:0} s left"
                );
            Row(
                table,
                worker.Name,
                worker.State,
                worker.Device,
                Numbers.Bytes(worker.MemoryBytes),
                worker.Libtorch,
                worker.Machine,
                Plain(worker.ProcessId),
                Numbers.Count(worker.JobsDone),
                Numbers.Count(worker.AnswersKept),
                job
            );
        }

        return OrNone(table, report.Workers.Count, "no worker is there");
    }

    private static Table Hosts(ClusterReport report)
    {
        var table = Titled("host", "address", "machine", "process", "runs", "open jobs", "oldest");
        foreach (var host in report.Hosts)
        {
            Row(
                table,
                host.Instance,
                host.Address ?? "–",
                host.Machine,
                Plain(host.ProcessId),
                Numbers.Count(host.Runs),
                Numbers.Count(host.OpenJobs),
                Numbers.Seconds(host.LagSeconds)
            );
        }

        return OrNone(table, report.Hosts.Count, "no host is there");
    }

    private static Table Titled(params string[] columns) => new Table().Border(TableBorder.None).AddColumns(columns);

    private static void Row(Table table, params string[] cells) => table.AddRow(cells.Select(cell => new Text(cell)));

    private static Table OrNone(Table table, int rows, string none)
    {
        if (rows == 0)
        {
            Row(table, [none, .. Enumerable.Repeat(string.Empty, table.Columns.Count - 1)]);
        }

        return table;
    }

    private static string Plain(int number) => number.ToString(CultureInfo.InvariantCulture);
}
