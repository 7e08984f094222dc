using CurvatureMonitor.Cluster.Connection;
using CurvatureMonitor.Contracts.Errors;

namespace CurvatureMonitor.Host.Configuration;

/// <summary>How commands find the broker of a cluster.</summary>
[Section("cluster")]
internal sealed class BrokerOptions
{
    /// <summary>The address; the environment has it where null.</summary>
    [Option(
        "--broker",
        "The broker's address, amqp://host:5672/vhost, or amqps:// for TLS; without it the environment's "
            + "CURVATURE_BROKER."
    )]
    public string? Broker { get; set; }

    /// <summary>The file with user and password; none where null.</summary>
    [Option(
        "--broker-credentials-file",
        "A file with user:password in its first line; without it they come from the address, or from "
            + "CURVATURE_BROKER_USER and CURVATURE_BROKER_PASSWORD."
    )]
    public string? BrokerCredentialsFile { get; set; }

    /// <summary>The file with certificates; those of the system where null.</summary>
    [Option(
        "--broker-ca-file",
        "With amqps://: certificates in PEM that the broker's must come from; without it the system's."
    )]
    public string? BrokerCaFile { get; set; }

    /// <summary>
    /// Where the address is read from when no option gives it: it may hold a password, which a command line shows to
    /// everybody.
    /// </summary>
    private const string AddressVariable = "CURVATURE_BROKER";

    /// <summary>The broker; null where none is named.</summary>
    /// <exception cref="UserErrorException">The address is wrong.</exception>
    internal BrokerAddress? FindAddress()
    {
        string? url = Broker
            ?? (Environment.GetEnvironmentVariable(AddressVariable)?.Trim() is { Length: > 0 } set ? set : null);
        return url is null ? null : BrokerAddress.Parse(url, BrokerCredentialsFile, BrokerCaFile);
    }

    /// <summary>The broker.</summary>
    /// <exception cref="UserErrorException">None is named, or the address is wrong.</exception>
    internal BrokerAddress RequireAddress() =>
        FindAddress()
        ?? throw new UserErrorException(
            $"--broker is needed: give the broker's address, such as amqp://host:5672/vhost, or set {AddressVariable}"
        );
}
