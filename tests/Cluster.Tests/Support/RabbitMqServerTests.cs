using RabbitMQ.Client;

namespace CurvatureMonitor.Cluster.Tests.Support;

/// <summary>
/// The broker that the tests start is a real one, keeps what it confirmed, and leaves nothing behind.
/// </summary>
public sealed class RabbitMqServerTests
{
    [Fact]
    public async Task A_killed_broker_keeps_what_it_confirmed_and_a_disposed_one_leaves_nothing_behind()
    {
        var server = await RabbitMqServer.StartAsync();
        IReadOnlyList<int> processes;
        await using (server)
        {
            var factory = new ConnectionFactory
            {
                Uri = new Uri(server.UrlWithCredentials),
                AutomaticRecoveryEnabled = false,
                ContinuationTimeout = TimeSpan.FromSeconds(5),
            };
            await using (var connection = await factory.CreateConnectionAsync())
            await using (var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true)))
            {
                await channel.QueueDeclareAsync(
                    "kept",
                    durable: true,
                    exclusive: false,
                    autoDelete: false,
                    new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }
                );
                await channel.BasicPublishAsync(
                    string.Empty,
                    "kept",
                    mandatory: true,
                    new BasicProperties { Persistent = true },
                    "word"u8.ToArray()
                );
            }

            await server.SettleAsync();
            await server.KillAsync();
            Assert.False(server.IsRunning);
            await server.RestartAsync();
            await Until.HoldsAsync(() => GetsTheWordAsync(factory));
            Assert.Contains(
                "kept",
                await server.ControlAsync("list_queues", "-p", RabbitMqServer.VirtualHost, "name"),
                StringComparison.Ordinal
            );
            await server.StopAsync();
            await server.RestartAsync();
            processes = server.LivingProcesses;
            Assert.True(processes.Count >= 2, "the Erlang machine and the port mapper");
        }

        Assert.Empty(ProcessTree.Living(processes));
    }

    // A quorum queue whose leader is not chosen yet leaves a request without an answer: ask anew.
    private static async Task<bool> GetsTheWordAsync(ConnectionFactory factory)
    {
        try
        {
            await using var connection = await factory.CreateConnectionAsync();
            await using var channel = await connection.CreateChannelAsync();
            return await channel.BasicGetAsync("kept", autoAck: true) is { } got
                && got.Body.Span.SequenceEqual("word"u8);
        }
        catch (Exception exception)
            when (exception
                    is OperationCanceledException
                        or TimeoutException
                        or RabbitMQ.Client.Exceptions.RabbitMQClientException
            )
        {
            return false;
        }
    }
}
