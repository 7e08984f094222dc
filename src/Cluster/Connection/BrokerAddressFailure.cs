using System.Net.Sockets;
using System.Security.Authentication;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace CurvatureMonitor.Cluster.Connection;

/// <summary>Why a broker could not be connected to, for a person.</summary>
/// <param name="Message">One line: what is wrong, where, how to mend it. It shows no secret.</param>
/// <param name="Reason">The same without the broker's address, and without what to do.</param>
/// <param name="IsMistake">Whether trying again is no use before somebody has mended it: credentials, virtual host,
/// certificate.</param>
public sealed record BrokerAddressFailure(string Message, string Reason, bool IsMistake)
{
    /// <summary>Tries whether a broker lets one in.</summary>
    /// <param name="address">The address.</param>
    /// <param name="clientName">What the broker shows as the connection's name.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Null when it does; else why not.</returns>
    public static async Task<BrokerAddressFailure?> ProbeAsync(
        BrokerAddress address,
        string clientName,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(address);
        try
        {
            var connection = await address
                .CreateFactory(clientName)
                .CreateConnectionAsync(cancellation)
                .ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                // The client does not wait until the virtual host is opened: a broker that refuses it closes the
                // connection on the first use.
                var channel = await connection
                    .CreateChannelAsync(cancellationToken: cancellation)
                    .ConfigureAwait(false);
                await channel.DisposeAsync().ConfigureAwait(false);
            }

            return null;
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            return Of(address, exception);
        }
    }

    /// <summary>Explains what a connection attempt threw.</summary>
    /// <param name="address">The address that was tried.</param>
    /// <param name="exception">What was thrown.</param>
    public static BrokerAddressFailure Of(BrokerAddress address, Exception exception)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(exception);
        var causes = Causes(exception).ToList();
        string line = (
            Find<AuthenticationFailureException>(causes),
            Find<PossibleAuthenticationFailureException>(causes),
            Closed(causes),
            Find<AuthenticationException>(causes)
        ) switch
        {
            ({ }, _, _, _) or (_, { }, _, _) =>
                $"access refused for user '{address.User}': check user and password, and that the user may connect "
                    + $"from here",
            (_, _, { ReplyCode: Constants.NotAllowed } reason, _) => reason.ReplyText.Contains(
                "not found",
                StringComparison.Ordinal
            )
                ? $"there is no virtual host '{address.VirtualHost}': make it with 'rabbitmqctl add_vhost "
                    + $"{address.VirtualHost}', or name another"
                : $"user '{address.User}' may not use the virtual host '{address.VirtualHost}': 'rabbitmqctl "
                    + $"set_permissions -p {address.VirtualHost} {address.User} \".*\" \".*\" \".*\"'",
            (_, _, { ReplyCode: Constants.AccessRefused }, _) =>
                $"access refused for user '{address.User}': check user and password",
            (_, _, _, { } tls) =>
                $"its certificate is not accepted or it does not speak TLS ({OneLine(tls)}): name its authority with "
                    + $"--broker-ca-file, and the host as the certificate does",
            _ => string.Empty,
        };
        return line.Length > 0
            ? new BrokerAddressFailure($"broker {address}: {line}", line.Split(": ")[0], IsMistake: true)
            : new BrokerAddressFailure(
                $"broker {address}: cannot be reached ({ReasonOf(causes)}): see that RabbitMQ runs there and that host "
                    + $"and port are right",
                ReasonOf(causes),
                IsMistake: false
            );
    }

    private static string ReasonOf(List<Exception> causes) =>
        Find<SocketException>(causes) is { } socket ? OneLine(socket)
        : Find<TimeoutException>(causes) is not null ? "no answer in time"
        : OneLine(causes[^1]);

    private static ShutdownEventArgs? Closed(List<Exception> causes) =>
        Find<OperationInterruptedException>(causes)?.ShutdownReason;

    private static T? Find<T>(List<Exception> causes)
        where T : Exception => causes.OfType<T>().FirstOrDefault();

    private static IEnumerable<Exception> Causes(Exception exception)
    {
        yield return exception;
        IEnumerable<Exception> inner =
            exception is AggregateException all ? all.InnerExceptions
            : exception.InnerException is { } one ? [one]
            : [];
        foreach (var cause in inner.SelectMany(Causes))
        {
            yield return cause;
        }
    }

    private static string OneLine(Exception exception) => exception.Message.ReplaceLineEndings(" ").TrimEnd('.');
}
