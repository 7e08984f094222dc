using System.Globalization;
using System.Text.RegularExpressions;
using CurvatureMonitor.Contracts.Errors;
using RabbitMQ.Client;

namespace CurvatureMonitor.Cluster.Connection;

/// <summary>
/// Where the broker is and who connects: <c>amqp://user:password@host:port/vhost</c>, or <c>amqps://</c> for TLS, each
/// part percent-encoded. Its text never shows the password.
/// </summary>
public sealed partial class BrokerAddress
{
    /// <summary>The port of AMQP where an address names none.</summary>
    public const int DefaultPort = 5672;

    /// <summary>The port of AMQP over TLS where an address names none.</summary>
    public const int DefaultTlsPort = 5671;

    private const string Example = "write it as amqp://host:5672/vhost";
    private const int LongestVirtualHost = 255;

    /// <summary>
    /// A dead connection is noticed after about three of these; the broker's own 60 s would be minutes.
    /// </summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    private readonly BrokerCredentials _credentials;
    private readonly BrokerAddressTrust? _trust;

    private BrokerAddress(
        string host,
        int port,
        string virtualHost,
        BrokerCredentials credentials,
        BrokerAddressTrust? trust
    )
    {
        Host = host;
        Port = port;
        VirtualHost = virtualHost;
        _credentials = credentials;
        _trust = trust;
    }

    /// <summary>The broker's host name or IP address.</summary>
    public string Host { get; }

    /// <summary>Its port.</summary>
    public int Port { get; }

    /// <summary>The virtual host, decoded.</summary>
    public string VirtualHost { get; }

    /// <summary>Who connects.</summary>
    public string User => _credentials.User;

    /// <summary>Whether the connection is encrypted, and the broker's certificate checked.</summary>
    public bool UsesTls => _trust is not null;

    /// <summary>
    /// Reads an address. Credentials come from the file where one is named, else from the address, else from the
    /// environment, else they are the broker's own <c>guest</c>, who may connect from its machine alone.
    /// </summary>
    /// <param name="url">The address.</param>
    /// <param name="credentialsFile">A file whose first line is <c>user:password</c>; none where null.</param>
    /// <param name="caFile">Certificates in PEM that a broker's certificate must come from; those of the system where
    /// null.</param>
    /// <param name="environment">Looks environment variables up; the process's own where null.</param>
    /// <exception cref="UserErrorException">A part is wrong: one line that shows no secret.</exception>
    public static BrokerAddress Parse(
        string url,
        string? credentialsFile = null,
        string? caFile = null,
        Func<string, string?>? environment = null
    )
    {
        ArgumentNullException.ThrowIfNull(url);
        var parts = Form().Match(url.Trim());
        if (!parts.Success)
        {
            throw Wrong($"it is no address of a broker: {Example}");
        }

        bool tls = parts.Groups["scheme"].Value.Equals("amqps", StringComparison.OrdinalIgnoreCase);
        if (parts.Groups["rest"].Value.Contains('@', StringComparison.Ordinal))
        {
            throw Wrong(
                "a user or password has one of the characters / ? # @ as it is: percent-encode it (%2F %3F %23 %40)"
            );
        }

        if (parts.Groups["rest"].Value.IndexOfAny(['?', '#']) >= 0)
        {
            throw Wrong($"nothing may follow the virtual host ('?' and '#' in its name are %3F and %23): {Example}");
        }

        string host = ParseHost(parts.Groups["host"].Value);
        int port =
            parts.Groups["port"].Success ? ParsePort(parts.Groups["port"].Value)
            : tls ? DefaultTlsPort
            : DefaultPort;
        string virtualHost = ParseVirtualHost(parts.Groups["rest"].Value);
        if (!tls && caFile is not null)
        {
            throw new UserErrorException(
                "a file of certificates is of use with amqps:// alone: write --broker amqps://…, or leave the file out"
            );
        }

        var credentials = BrokerCredentials.From(
            parts.Groups["user"].Success ? parts.Groups["user"].Value : null,
            credentialsFile,
            environment ?? Environment.GetEnvironmentVariable
        );
        return new BrokerAddress(host, port, virtualHost, credentials, tls ? BrokerAddressTrust.From(caFile) : null);
    }

    /// <summary>
    /// What connects. It recovers nothing by itself: whoever uses it sees each loss and rebuilds all of what was on the
    /// connection.
    /// </summary>
    /// <param name="clientName">What the broker's own tools show as the connection's name.</param>
    public ConnectionFactory CreateFactory(string clientName)
    {
        var factory = new ConnectionFactory
        {
            HostName = Host,
            Port = Port,
            VirtualHost = VirtualHost,
            UserName = _credentials.User,
            Password = _credentials.Password,
            ClientProvidedName = clientName,
            AutomaticRecoveryEnabled = false,
            TopologyRecoveryEnabled = false,
            RequestedHeartbeat = Heartbeat,
        };
        _trust?.Apply(factory.Ssl, Host);
        return factory;
    }

    /// <summary>The address without user and password.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{(UsesTls ? "amqps" : "amqp")}://{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}"
                + $":{Port}/{Uri.EscapeDataString(VirtualHost)}"
        );

    private static string ParseHost(string text)
    {
        string host = text.StartsWith('[') && text.EndsWith(']') ? text[1..^1] : text;
        return host.Length > 0 && Uri.CheckHostName(host) is not (UriHostNameType.Unknown or UriHostNameType.Basic)
            ? host
            : throw Wrong(
                host.Length == 0 ? $"it names no host: {Example}" : $"'{Shown(host)}' is no name of a host: {Example}"
            );
    }

    private static int ParsePort(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port)
        && port is > 0 and <= ushort.MaxValue
            ? port
            : throw Wrong(
                text.Length == 0 ? $"it has no number after the ':': {Example}"
                : text.All(char.IsAsciiDigit) ? $"'{Shown(text)}' is no port: give a number from 1 to {ushort.MaxValue}"
                // Where an '@' is missing this is the password.
                : $"what follows the ':' of the host is no port: give a number from 1 to {ushort.MaxValue}, and write "
                    + $"an '@' after user and password"
            );

    // As in RabbitMQ's own clients, an address without a path is of the virtual host "/".
    private static string ParseVirtualHost(string rest)
    {
        if (rest.Length <= 1)
        {
            return "/";
        }

        string name = rest[1..];
        if (name.Contains('/', StringComparison.Ordinal))
        {
            throw Wrong("the virtual host has a '/' as it is: write it as %2F, for example amqp://host/%2Fcurvature");
        }

        name = BrokerCredentials.Decode(name, "the virtual host");
        return System.Text.Encoding.UTF8.GetByteCount(name) <= LongestVirtualHost && !name.Any(char.IsControl)
            ? name
            : throw Wrong($"the virtual host is no name of at most {LongestVirtualHost} bytes");
    }

    private static string Shown(string text) =>
        new([.. text.Take(80).Select(letter => char.IsControl(letter) ? ' ' : letter)]);

    private static UserErrorException Wrong(string what) => new($"the broker's address: {what}");

    [GeneratedRegex(
        """^(?<scheme>amqps?)://(?:(?<user>[^@/?#]*)@)?"""
            + """(?<host>\[[^\]/?#@]*\]|[^:/?#@]*)(?::(?<port>[^/?#@]*))?(?<rest>[/?#].*)?$""",
        RegexOptions.IgnoreCase | RegexOptions.Singleline
    )]
    private static partial Regex Form();
}
