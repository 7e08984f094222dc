using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CurvatureMonitor.Contracts.Errors;
using RabbitMQ.Client;

namespace CurvatureMonitor.Cluster.Connection;

/// <summary>
/// Which certificates of a broker are believed: those for its host that come from the system's authorities, or from the
/// named ones alone.
/// </summary>
internal sealed class BrokerAddressTrust
{
    private readonly X509Certificate2Collection? _authorities;

    private BrokerAddressTrust(X509Certificate2Collection? authorities) => _authorities = authorities;

    /// <summary>Reads the authorities.</summary>
    /// <param name="file">Certificates in PEM; the system's where null.</param>
    /// <exception cref="UserErrorException">The file has none.</exception>
    internal static BrokerAddressTrust From(string? file)
    {
        if (file is null)
        {
            return new BrokerAddressTrust(null);
        }

        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(file);
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new UserErrorException(
                $"the file of certificates {file}: cannot be read ({exception.Message.ReplaceLineEndings(" ")})",
                cause: exception
            );
        }

        return authorities.Count > 0
            ? new BrokerAddressTrust(authorities)
            : throw new UserErrorException(
                $"the file of certificates {file}: it has no certificate in PEM (-----BEGIN CERTIFICATE-----)"
            );
    }

    /// <summary>Makes a connection encrypted and checked.</summary>
    internal void Apply(SslOption options, string host)
    {
        options.Enabled = true;
        options.ServerName = host;
        if (_authorities is not null)
        {
            options.CertificateValidationCallback = (_, certificate, _, errors) => IsBelieved(certificate, errors);
        }
    }

    private bool IsBelieved(X509Certificate? certificate, SslPolicyErrors errors)
    {
        // Another host's certificate, or none, is wrong whoever signed it. That the system does not know the authority
        // is what the file is for.
        if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
        {
            return false;
        }

        using var chain = new X509Chain();
        using var shown = new X509Certificate2(certificate);
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities!);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(shown);
    }
}
