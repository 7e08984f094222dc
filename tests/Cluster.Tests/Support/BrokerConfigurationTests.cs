using System.Globalization;
using System.Text.RegularExpressions;
using CurvatureMonitor.Cluster.Connection;
using CurvatureMonitor.Cluster.Workers;

namespace CurvatureMonitor.Cluster.Tests.Support;

/// <summary>A real broker with the configuration and the policies of deploy/.</summary>
public sealed class BrokerConfigurationTests
{
    [Fact]
    public async Task A_broker_takes_the_configuration_and_its_policies_are_for_queues_that_there_are()
    {
        string folder = Path.Combine(Repository(), "deploy", "rabbitmq");
        await using var server = await RabbitMqServer.StartAsync(
            await File.ReadAllTextAsync(Path.Combine(folder, "rabbitmq.conf"))
        );
        var address = BrokerAddress.Parse(server.UrlWithCredentials);
        var names = new BrokerNames();
        await using var session = await BrokerSession.OpenAsync(
            address,
            "test",
            (_, _) => { },
            (_, _) => { },
            CancellationToken.None
        );
        await session.DeclareAsync(
            async channel =>
            {
                await Topology.DeclareSharedAsync(channel, names);
                await Topology.DeclareHostAsync(channel, names, "host");
                await Topology.DeclareSlotAsync(
                    channel,
                    names,
                    "host",
                    names.Slot("host", "run", Contracts.Analyses.AnalysisKind.Spectrum, 0)
                );
                await Topology.DeclareEventsAsync(channel, names, "me", BrokerNames.PingKey);
            },
            CancellationToken.None
        );
        await server.ControlAsync("import_definitions", Path.Combine(folder, "policies.json"));
        string queues = await server.ControlAsync("list_queues", "-p", RabbitMqServer.VirtualHost, "name", "policy");
        Assert.Matches(@"curv\.dead\s+curvature-dead", queues);
        Assert.Matches(@"curv\.events\.me\s+curvature-events", queues);

        // A limit in bytes drops the oldest: what must not be lost has none.
        Assert.Equal(2, Regex.Count(queues, "curvature-"));
        string timeout = await server.ControlAsync("eval", "application:get_env(rabbit, consumer_timeout).");
        double milliseconds = double.Parse(Regex.Match(timeout, @"\d+").Value, CultureInfo.InvariantCulture);
        var longest = new WorkerOptions { Address = address, Name = "worker" }.JobTimeout;
        Assert.True(milliseconds > 2 * longest.TotalMilliseconds, "a worker at its longest job would lose its channel");
    }

    private static string Repository()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "CurvatureMonitor.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new DirectoryNotFoundException("the tests do not run within the repository");
    }
}
