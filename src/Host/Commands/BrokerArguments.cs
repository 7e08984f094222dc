using System.CommandLine;
using CurvatureMonitor.Cluster.Connection;
using CurvatureMonitor.Contracts.Errors;

namespace CurvatureMonitor.Host.Commands;

/// <summary>The options by which commands find the broker.</summary>
internal sealed class BrokerArguments(bool isRequired)
{
    /// <summary>
    /// Where the address is read from when the option is not given: it may hold a password, which a command line shows
    /// to everybody.
    /// </summary>
    internal const string Variable = "CURVATURE_BROKER";

    private readonly Option<string?> _broker = new("--broker")
    {
        Description =
            $"The broker's address, amqp://host:5672/vhost, or amqps:// for TLS; without it the environment's "
            + $"{Variable}.",
    };
    private readonly Option<string?> _credentials = new("--broker-credentials-file")
    {
        Description =
            "A file with user:password in its first line; without it they come from the address, or from "
            + "CURVATURE_BROKER_USER and CURVATURE_BROKER_PASSWORD.",
    };

    private readonly Option<string?> _authorities = new("--broker-ca-file")
    {
        Description = "With amqps://: certificates in PEM that the broker's must come from; without it the system's.",
    };

    internal IEnumerable<Option> Options => [_broker, _credentials, _authorities];

    /// <summary>The broker; null where none is named.</summary>
    /// <exception cref="UserErrorException">The address is wrong, or one is needed.</exception>
    internal BrokerAddress? Address(ParseResult arguments)
    {
        string? url = arguments.GetValue(_broker)
            ?? (Environment.GetEnvironmentVariable(Variable)?.Trim() is { Length: > 0 } variable ? variable : null);
        return url is not null
                ? BrokerAddress.Parse(url, arguments.GetValue(_credentials), arguments.GetValue(_authorities))
            : isRequired
                ? throw new UserErrorException(
                    $"--broker is needed: give the broker's address, such as amqp://host:5672/vhost, or set {Variable}"
                )
            : null;
    }
}
